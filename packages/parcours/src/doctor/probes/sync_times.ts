import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const MAX_SYNCS = 200;
const MAX_MS = 2_000;
/** About what a small group of batches makes. */
const BYTES = 4_096;

/**
 * How long a small append takes to become durable on a folder's disk, ms, one number a try: what every acknowledgement waits
 * for. At most 200 tries or 2 s. Synchronous calls, since a thread pool's own delay would be as long as a quick disk's.
 */
export function syncTimes(folder: string): readonly number[] {
  const path = join(folder, `.doctor-${process.pid}`);
  const file = openSync(path, 'ax', 0o600);
  const times: number[] = [];
  try {
    const bytes = Buffer.alloc(BYTES, 1);
    const start = performance.now();
    while (times.length < MAX_SYNCS && performance.now() - start < MAX_MS) {
      writeSync(file, bytes);
      const before = performance.now();
      fdatasyncSync(file);
      times.push(performance.now() - before);
    }
    return times;
  } finally {
    closeSync(file);
    rmSync(path, { force: true });
  }
}
