import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DAY_TABLES, type DayTable } from './tables/tables.ts';

/**
 * Where sealed days lie: `<days>/<site>/<YYYY-MM-DD>.parquet` holds the events, so that `days/<site>/*.parquet` is all
 * an analyst needs; the other tables' days lie in `<days>/<site>/<table>/`.
 */
export function dayPath(days: string, { site, day, table }: { site: string; day: string; table: DayTable }): string {
  const folder = join(days, siteFolder(site));
  return table === 'events' ? join(folder, `${day}.parquet`) : join(folder, table, `${day}.parquet`);
}

/**
 * A site id as a folder name that cannot leave its parent or clash with another, on a file system that ignores case
 * either: everything but lower-case letters, digits, `_` and `-` is percent-encoded by its UTF-8 bytes, and what gets
 * longer than a name may be ends in a hash. The empty id, of records that told none, is `%`.
 */
export function siteFolder(site: string): string {
  if (site === '') return '%';
  const bytes = [...Buffer.from(site)];
  const name = bytes.map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : `%${hex(byte)}`)).join('');
  return name.length <= 200 ? name : `${name.slice(0, 150)}%%${createHash('sha256').update(site).digest('hex')}`;
}

const isPlain = (byte: number): boolean => /[a-z0-9_-]/.test(String.fromCharCode(byte));
const hex = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0');

export interface DayFile {
  readonly path: string;
  readonly table: DayTable;
  /** The site's folder name; its id is in the rows. */
  readonly siteFolder: string;
  readonly day: string;
}

/** Every sealed file there is, the oldest day first. Half-written ones have another name and are not listed. */
export async function listDayFiles(days: string): Promise<readonly DayFile[]> {
  const files: DayFile[] = [];
  for (const site of await namesIn(days)) {
    for (const table of DAY_TABLES) {
      const folder = table === 'events' ? join(days, site) : join(days, site, table);
      for (const name of await namesIn(folder)) {
        const day = /^(\d{4}-\d{2}-\d{2})\.parquet$/.exec(name)?.[1];
        if (day) files.push({ path: join(folder, name), table, siteFolder: site, day });
      }
    }
  }
  return files.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
}

/**
 * Makes one file whole or not at all: `write` fills a file of another name, which is synced, renamed, and its folder
 * synced. What an interrupted run left under that other name is overwritten by the next.
 */
export async function writeWhole(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const folder = dirname(path);
  const firstMade = await mkdir(folder, { recursive: true });
  if (firstMade !== undefined) await syncDownTo(folder, dirname(firstMade));
  const temporary = partOf(path);
  await rm(temporary, { force: true });
  await write(temporary);
  await sync(temporary);
  await rename(temporary, path);
  await sync(folder);
}

/** Removes a file, with what an interrupted run left of it, and makes that durable; nothing where there is none. */
export async function removeDurably(path: string): Promise<void> {
  for (const each of [path, partOf(path)]) await rm(each, { force: true });
  await sync(dirname(path)).catch(ignoreMissing);
}

const partOf = (path: string): string => `${path}.part`;

/** Makes the names of new folders durable: each is a name in its parent. */
async function syncDownTo(folder: string, existing: string): Promise<void> {
  for (let at = dirname(folder); at.length >= existing.length; at = dirname(at)) {
    await sync(at);
    if (at === existing) return;
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    return ignoreMissing(error) ?? [];
  }
}

function ignoreMissing(error: unknown): undefined {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
  throw error;
}
