import { createHash } from 'node:crypto';
import { erasedHash } from '../control/subject_ids.ts';
import type { BatchRecord, StoredEvent } from '../log/record.ts';
import type { ErasureRequest, LoadChunk } from './engine.ts';

/** Records and chunks for tests of engines: plain, and the same on every run. */

export const DAY_MS = 86_400_000;
export const T0 = Date.parse('2026-11-20T10:00:00.000Z');

/** The n-th event id: a UUID, always the same. */
export const eventId = (n: number): string => {
  const hex = createHash('md5').update(`event ${n}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};

export const exampleEvent = (n: number, more: Partial<StoredEvent> = {}): StoredEvent => ({
  event_id: eventId(n),
  type: 'page_view',
  occurred_at: new Date(T0 + n).toISOString(),
  stamp: 0,
  seq: n,
  visitor_id: `visitor-${n % 7}`,
  url: `https://shop.example/p/${n}`,
  path: `/p/${n}`,
  props: { n, nested: { list: [1, { deep: [null, true, "it's"] }] } },
  ...more,
});

export const exampleRecord = (
  events: readonly StoredEvent[],
  { at = T0, ...more }: Partial<BatchRecord> & { at?: number } = {},
): BatchRecord => ({
  v: 1,
  kind: 'batch',
  site: 'shop-fr',
  source: 'web',
  received_at: new Date(at).toISOString(),
  sent_at: new Date(at).toISOString(),
  sdk: '1.0.0',
  client: {
    device: 'mobile',
    browser: 'Chrome 156',
    os: 'Android 16',
    country: 'FR',
    ip_prefix: '192.0.2.0/24',
    bot: false,
  },
  stamps: [
    { purposes: ['audience'], source: 'manual', at: new Date(at).toISOString(), policy_hash: 'p1', receipt_id: 'r1' },
  ],
  events,
  ...more,
});

/** A chunk as the log's reader gives it: records or raw texts, laid one after the other from an offset. */
export function exampleChunk(
  records: readonly (BatchRecord | string)[],
  { log = 'collector-0', segment = 1_700_000_000_000, start = 0 } = {},
): LoadChunk {
  const texts = records.map((record) => Buffer.from(typeof record === 'string' ? record : JSON.stringify(record)));
  const offsets: number[] = [];
  let offset = start;
  for (const text of texts) {
    offsets.push(offset);
    offset += text.length + 10;
  }
  return { log, segment, records: texts, offsets, endOffset: offset };
}

/** What erases a visitor, as a tombstone tells it: by hash alone. */
export function eraseVisitor(value: string): ErasureRequest {
  const key = new Uint8Array(32).fill(9);
  return { key, erasures: [{ id: `erasure of ${value}`, hashes: [erasedHash(key, { kind: 'visitor', value })] }] };
}
