import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';
import type { z } from 'zod';
import { BackupError } from './backup_error.ts';
import { isKept } from './kept.ts';
import { ARCHIVE, HEAD, type Head, head, MANIFEST, MANIFEST_SUM, type Manifest, manifest } from './manifest.ts';

export interface ReadBackupOptions {
  readonly from: Readable;
  /** Told first, before any file; what it throws ends the reading. */
  readonly onHead?: (head: Head) => void | Promise<void>;
  /** Takes the pieces of each file; without it they are only checked. */
  readonly onFile?: (path: string, pieces: AsyncIterable<Uint8Array>) => Promise<void>;
  readonly onProgress?: undefined | ((done: { readonly bytes: number; readonly files: number }) => void);
}

/** One file of an archive, to be read piece by piece. */
type Entry = AsyncIterable<Uint8Array> & { readonly header: Header };

/** The head or the manifest is held in memory: an archive that claims a larger one is none of ours. */
const MAX_JSON_BYTES = 64 * 1024 * 1024;

/**
 * Reads an archive from its first byte to its last and checks it all: order, names, sizes, checksums, nothing missing,
 * nothing added. What `onFile` was given is to be trusted only after this has resolved.
 *
 * @throws BackupError that names every file that is not as it was backed up
 */
export async function readBackup(
  options: ReadBackupOptions,
): Promise<{ readonly head: Head; readonly manifest: Manifest }> {
  const { from, onHead, onFile, onProgress } = options;
  const archive = extract();
  const read = pipeline(from, archive);
  read.catch(() => {});
  const sums = new Map<string, { bytes: number; sha256: string }>();
  let found: Head | undefined;
  let listed: Manifest | undefined;
  let isWhole = false;
  let bytes = 0;
  let last = 'the beginning';

  async function readEntry(entry: Entry): Promise<void> {
    const { name, type } = entry.header;
    if (!found && name !== HEAD) throw new BackupError('not_a_backup', 'this is not a backup of parcours');
    if (type !== 'file') throw new BackupError('not_allowed', `${shown(name)}: a ${type} in a backup is not allowed`);
    if (isWhole || sums.has(name)) throw new BackupError('not_allowed', `${shown(name)}: it does not belong there`);
    if (name === HEAD || name === MANIFEST || name === MANIFEST_SUM) return readOwn(name, entry);
    if (listed || !isKept(name)) throw new BackupError('not_allowed', `${shown(name)}: not a file of a data folder`);
    sums.set(name, { bytes: 0, sha256: '' });
    const hash = createHash('sha256');
    let size = 0;
    const pieces = (async function* () {
      for await (const piece of entry) {
        hash.update(piece);
        size += piece.length;
        bytes += piece.length;
        onProgress?.({ bytes, files: sums.size });
        yield piece;
      }
    })();
    if (onFile) await onFile(name, pieces);
    for await (const _piece of pieces) {
      // Whatever was not taken is read all the same, for its checksum.
    }
    sums.set(name, { bytes: size, sha256: hash.digest('hex') });
  }

  async function readOwn(name: string, entry: Entry): Promise<void> {
    const content = await contentOf(entry);
    const sha256 = createHash('sha256').update(content).digest('hex');
    if (name === MANIFEST_SUM) {
      const sum = sums.get(MANIFEST);
      if (!sum || content.toString() !== `${sum.sha256}  ${MANIFEST}\n`) throw damaged([MANIFEST]);
      isWhole = true;
      return;
    }
    sums.set(name, { bytes: content.length, sha256 });
    if (name === MANIFEST) {
      listed = parse(manifest, content, MANIFEST);
      return;
    }
    found = parse(head, content, HEAD);
    if (found.archive > ARCHIVE) {
      throw new BackupError(
        'newer',
        `this backup was made by a newer parcours (${found.version}); restore it with that`,
      );
    }
    await onHead?.(found);
  }

  try {
    for await (const entry of archive) {
      await readEntry(entry as Entry);
      last = shown(entry.header.name);
    }
    await read;
  } catch (error) {
    archive.destroy();
    throw toTell(error, { last, isStarted: found !== undefined });
  }
  if (!found) throw new BackupError('not_a_backup', 'this is not a backup of parcours: it is empty');
  if (!listed || !isWhole) {
    throw new BackupError('incomplete', `the backup ends after ${last}, without its manifest: it was cut short`);
  }
  const sum = sums.get(MANIFEST);
  sums.delete(MANIFEST);
  if (!sum) throw damaged([MANIFEST]);
  checkAll(listed, sums);
  return { head: found, manifest: listed };
}

function checkAll({ files }: Manifest, sums: ReadonlyMap<string, { bytes: number; sha256: string }>): void {
  const listed = new Map(files.map((file) => [file.path, file]));
  const bad = files.filter(({ path, sha256, bytes }) => {
    const is = sums.get(path);
    return !is || is.sha256 !== sha256 || is.bytes !== bytes;
  });
  const added = [...sums.keys()].filter((path) => !listed.has(path));
  if (bad.length > 0 || added.length > 0) throw damaged([...bad.map(({ path }) => path), ...added]);
}

const NAMED = 5;

function damaged(paths: readonly string[]): BackupError {
  const named = paths.slice(0, NAMED).map(shown).join(', ');
  const more = paths.length > NAMED ? ` and ${paths.length - NAMED} more` : '';
  return new BackupError('damaged', `the backup is damaged, not as it was made: ${named}${more}`);
}

/** A name from outside, without what would steer a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is taken out
const shown = (name: string): string => name.slice(0, 300).replace(/[\u0000-\u001f\u007f-\u009f]/g, '\u00b7');

function toTell(error: unknown, { last, isStarted }: { last: string; isStarted: boolean }): unknown {
  const { message, syscall } = error as NodeJS.ErrnoException;
  // The file system's own: of what is read, or of where it is unpacked to.
  if (error instanceof BackupError || syscall !== undefined) return error;
  if (!isStarted) return new BackupError('not_a_backup', 'this is not a backup of parcours', { cause: error });
  if (/unexpected end/i.test(message)) {
    return new BackupError('incomplete', `the backup ends after ${last}: it was cut short`, { cause: error });
  }
  return new BackupError('damaged', `the backup is damaged after ${last}: ${message}`, { cause: error });
}

async function contentOf(entry: Entry): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of entry) {
    bytes += piece.length;
    if (bytes > MAX_JSON_BYTES) throw damaged([entry.header.name]);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function parse<T>(schema: z.ZodType<T>, content: Buffer, name: string): T {
  try {
    return schema.parse(JSON.parse(content.toString()));
  } catch (cause) {
    throw new BackupError('damaged', `the backup is damaged: ${name} cannot be read`, { cause });
  }
}
