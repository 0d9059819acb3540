import { dirname, join } from 'node:path';
import { readConfirmed, readLog } from '@parcours/store/log';
import { type SegmentSize, segmentSizes } from './log_sizes.ts';
import { receiptOf } from './log_tail.ts';

export interface Backlog {
  /** Bytes of the logs that the reader has not confirmed. */
  readonly bytes: number;
  /** When the oldest record among them was received, ms since the epoch; undefined where there is none. */
  readonly since: number | undefined;
}

/** What waits to be loaded, by the files alone: it can be told though the reader is dead. */
export async function backlogOf(logs: string): Promise<Backlog> {
  const byLog = new Map<string, SegmentSize[]>();
  for (const each of await segmentSizes(logs)) byLog.set(each.log, [...(byLog.get(each.log) ?? []), each]);
  let total = 0;
  let since: number | undefined;
  for (const [log, segments] of byLog) {
    const folder = join(logs, log);
    const confirmed = (await readConfirmed(folder)) ?? { segment: 0, offset: 0 };
    const bytes = segments.reduce((sum, { segment, bytes: size }) => {
      if (segment < confirmed.segment) return sum;
      return sum + (segment === confirmed.segment ? Math.max(0, size - confirmed.offset) : size);
    }, 0);
    total += bytes;
    const oldest = bytes === 0 ? undefined : await firstReceipt(dirname(segments[0]?.path ?? folder), confirmed);
    if (oldest !== undefined) since = Math.min(since ?? oldest, oldest);
  }
  return { bytes: total, since };
}

/** Read in small steps, since the first record is all that is asked for. */
async function firstReceipt(
  folder: string,
  from: { readonly segment: number; readonly offset: number },
): Promise<number | undefined> {
  for await (const { records } of readLog({ folder, from, maxChunkBytes: 64 * 1024 })) {
    const [first] = records;
    if (first !== undefined) return receiptOf(first);
  }
  return undefined;
}
