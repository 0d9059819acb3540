import { dirname } from 'node:path';
import { readLog } from '@parcours/store/log';
import { segmentSizes } from './log_sizes.ts';

/** A record may have this many bytes; most have a thousandth of it. */
const TAIL_BYTES = 9 * 1024 * 1024;

/** When the newest record of the logs was received, ms since the epoch; undefined where there is none. Reads a tail of each log. */
export async function newestReceipt(logs: string): Promise<number | undefined> {
  const newest = new Map((await segmentSizes(logs)).filter(({ bytes }) => bytes > 0).map((each) => [each.log, each]));
  let latest: number | undefined;
  for (const { path, segment, bytes } of newest.values()) {
    const from = { segment, offset: Math.max(0, bytes - TAIL_BYTES) };
    for await (const { records } of readLog({ folder: dirname(path), from })) {
      const last = records.at(-1);
      const receivedAt = last && receiptOf(last);
      if (receivedAt !== undefined) latest = Math.max(latest ?? 0, receivedAt);
    }
  }
  return latest;
}

/** When a record was received, ms since the epoch; undefined where it does not say. */
export function receiptOf(record: Uint8Array): number | undefined {
  const { received_at } = JSON.parse(Buffer.from(record).toString()) as { readonly received_at?: unknown };
  const time = Date.parse(String(received_at));
  return Number.isNaN(time) ? undefined : time;
}
