import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

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
        await writeFile(path, Buffer.concat(parts));
        return await use(path);
      } finally {
        await rm(path, { force: true });
      }
    },
  };
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
