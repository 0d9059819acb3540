import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';
import type { Script } from '@parcours/collector';
import { isScript } from './sdk_scripts.ts';

/**
 * Every browser script of every version that this data folder has ever served, the present version's first: a page that
 * pinned `/v/<version>/p.js` with its integrity keeps working after an upgrade.
 *
 * Kept as `<version>/<file>`, and `<file>.br` beside it, so that a script is compressed once and not at every start.
 */
export async function openScriptArchive(folder: string, present: readonly Script[]): Promise<readonly Script[]> {
  await mkdir(folder, { recursive: true });
  const kept = await Promise.all(present.map((script) => keep(folder, script)));
  const versions = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory() && entry.name !== present[0]?.version)
    .map(({ name }) => name);
  const older = await Promise.all(versions.map((version) => readVersion(folder, version)));
  return [...kept, ...older.flat()];
}

async function readVersion(folder: string, version: string): Promise<readonly Script[]> {
  const files = (await readdir(join(folder, version))).filter(isScript).sort();
  return Promise.all(
    files.map(async (file) => keep(folder, { version, file, bytes: await readFile(join(folder, version, file)) })),
  );
}

/** The script with its compressed bytes, both in the archive from now on. */
async function keep(folder: string, { version, file, bytes, brotli: made }: Script): Promise<Script> {
  const path = join(folder, version, file);
  const [known, compressed] = await Promise.all([readIfThere(path), readIfThere(`${path}.br`)]);
  const isKept = known?.equals(bytes) === true;
  if (isKept && compressed !== undefined) return { version, file, bytes, brotli: compressed };
  const brotli = made ?? (await promisify(brotliCompress)(bytes));
  await mkdir(join(folder, version), { recursive: true });
  // The compressed one first: whatever ends this in between, the next start does not find the script and does it again.
  await writeWhole(`${path}.br`, brotli);
  if (!isKept) await writeWhole(path, bytes);
  return { version, file, bytes, brotli };
}

/** Half a script would be served for ever: under its name it is there whole, or not at all. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const unfinished = `${path}.${process.pid}.tmp`;
  await writeFile(unfinished, bytes, { flush: true });
  await rename(unfinished, path);
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
