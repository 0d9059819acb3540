import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import { KEPT, listKept } from './kept.ts';
import { ARCHIVE, type BackedUpFile, HEAD, type Head, MANIFEST, MANIFEST_SUM, type Manifest } from './manifest.ts';

export interface WriteBackupOptions {
  /** The data folder. The program may run on it. */
  readonly root: string;
  /** Where the archive goes; ended when it is whole. */
  readonly to: Writable;
  readonly head: Omit<Head, 'archive'>;
  /** Called after each piece, with the bytes and files so far. */
  readonly onProgress?: (done: { readonly bytes: number; readonly files: number }) => void;
}

/**
 * Writes a data folder as one tar archive while the program runs on it, a piece of a file at a time.
 *
 * A file that grows is copied up to its length at the time: a record that was acknowledged lies before it whole, and a
 * torn one behind is what readers of a log pass over anyway. A file that goes away between its listing and its opening
 * is left out; `KEPT` says why that loses nothing.
 *
 * @returns what the archive holds
 */
export async function writeBackup({ root, to, head, onProgress }: WriteBackupOptions): Promise<Manifest> {
  const archive = pack();
  const sent = pipeline(archive, to);
  // Awaited below; until then its failure shows as that of whatever entry is being written.
  sent.catch(() => {});
  const files: BackedUpFile[] = [];
  let bytes = 0;
  const add = async (path: string, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, size: number) => {
    files.push({
      path,
      bytes: size,
      sha256: await addEntry(archive, { path, size }, content, (length) => {
        bytes += length;
        onProgress?.({ bytes, files: files.length });
      }),
    });
  };
  try {
    await add(HEAD, ...json({ archive: ARCHIVE, ...head }));
    for (const part of KEPT) {
      if (part.secret && !head.secrets) continue;
      for (const path of await listKept(root, part)) {
        const file = await openIfThere(join(root, path));
        if (!file) continue;
        try {
          const { size } = await file.stat();
          await add(path, size === 0 ? [] : upTo(file, size), size);
        } finally {
          await file.close();
        }
      }
    }
    const manifest: Manifest = { positions: positionsOf(files), files };
    const sum = await addEntry(archive, ...entry(MANIFEST, json(manifest)));
    await addEntry(archive, ...entry(MANIFEST_SUM, text(`${sum}  ${MANIFEST}\n`)));
    archive.finalize();
    await sent;
    return manifest;
  } catch (error) {
    archive.destroy();
    // Where the target refused, that is the cause, and the entry's failure only what followed from it.
    await sent.catch((cause) => {
      if ((cause as NodeJS.ErrnoException).syscall !== undefined) throw cause;
    });
    throw error;
  }
}

type Sized = readonly [content: Iterable<Uint8Array>, size: number];

const entry = (path: string, [content, size]: Sized) => [{ path, size }, content] as const;
const text = (of: string): Sized => [[Buffer.from(of)], Buffer.byteLength(of)];
const json = (value: unknown): Sized => text(`${JSON.stringify(value)}\n`);

/** Adds one file, with its checksum as hex in return. */
async function addEntry(
  archive: Pack,
  { path, size }: { readonly path: string; readonly size: number },
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  onPiece: (bytes: number) => void = () => {},
): Promise<string> {
  const hash = createHash('sha256');
  const into = archive.entry({ name: path, size, mode: 0o600 });
  await pipeline(
    content,
    async function* (pieces) {
      for await (const piece of pieces) {
        hash.update(piece);
        onPiece(piece.length);
        yield piece;
      }
    },
    into,
  );
  return hash.digest('hex');
}

const upTo = (file: FileHandle, size: number): AsyncIterable<Uint8Array> =>
  file.createReadStream({ start: 0, end: size - 1, autoClose: false, highWaterMark: 256 * 1024 });

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** How far each log goes in the archive: its newest segment's length. */
function positionsOf(files: readonly BackedUpFile[]): Manifest['positions'] {
  const positions = new Map<string, Manifest['positions'][number]>();
  // Sorted by name, which is by age.
  for (const { path, bytes } of files) {
    const [, log, segment] = path.match(/^log\/([^/]+)\/(\d{15})\.log$/) ?? [];
    if (log !== undefined) positions.set(log, { log, segment: Number(segment), offset: bytes });
  }
  return [...positions.values()];
}
