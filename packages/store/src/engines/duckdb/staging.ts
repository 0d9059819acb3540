import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { STRETCH_BYTES } from '../../log/breathe.ts';

/**
 * Files between Node and DuckDB, which reads NDJSON faster than any way of handing it rows. One at a time is in use;
 * their names are ours alone, and they are gone when the load is.
 */
export interface Staging {
  /** Runs `use` with a file that holds the parts, one after the other. */
  with<T>(parts: readonly Uint8Array[], use: (path: string) => Promise<T>): Promise<T>;
}

/** Opens a folder for staging, and removes what a killed process left in it. */
export async function openStaging(folder: string): Promise<Staging> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  let count = 0;
  return {
    async with(parts, use) {
      count += 1;
      const path = join(folder, `${count}.ndjson`);
      try {
        await write(path, parts);
        return await use(path);
      } finally {
        await rm(path, { force: true });
      }
    },
  };
}

/** Some at a time: all in one would be copied in one go, while everything else waits. */
async function write(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (let from = 0; from < parts.length; ) {
      let bytes = 0;
      let to = from;
      while (to < parts.length && bytes < STRETCH_BYTES) bytes += parts[to++]!.length;
      await file.appendFile(Buffer.concat(parts.slice(from, to), bytes));
      from = to;
    }
  } finally {
    await file.close();
  }
}

const OPEN = '{"o":';
const RECORD = ',"r":';
const CLOSE = Buffer.from('}\n');

/** One line for a record: its offset beside its own bytes, which Node does not look into. */
export const recordLine = (offset: number, json: Uint8Array): readonly Uint8Array[] => [
  Buffer.from(`${OPEN}${offset}${RECORD}`),
  json,
  CLOSE,
];

/** One line for any value. */
export const valueLine = (value: unknown): Uint8Array => Buffer.from(`${JSON.stringify(value)}\n`);
