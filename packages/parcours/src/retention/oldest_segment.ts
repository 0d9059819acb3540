import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** When the oldest segment of all logs was opened, RFC 3339 UTC; undefined where there is none. */
export async function oldestSegment(logs: string): Promise<string | undefined> {
  let oldest = Number.POSITIVE_INFINITY;
  for (const log of await namesIn(logs)) {
    for (const name of await namesIn(join(logs, log))) {
      const at = /^(\d{15})\.log$/.exec(name)?.[1];
      if (at !== undefined) oldest = Math.min(oldest, Number(at));
    }
  }
  return Number.isFinite(oldest) ? new Date(oldest).toISOString() : undefined;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    // Not there yet, gone meanwhile, or a file.
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
