import type { BatchReply, ConsentStamp, EventRecord } from '@parcours/protocol';
import { RECEIVED_AT } from '@parcours/protocol/corpus';
import { expect } from 'vitest';
import type { OpenedCollector } from './open_collector.ts';

export const VISITOR = '019aa1c0-aaaa-7000-8000-000000000001';

let count = 0;

/** An event of its own, of one visitor. */
export const anEvent = (more: Partial<EventRecord> = {}): EventRecord => ({
  event_id: `019aa1c0-0000-7000-8000-${String(++count).padStart(12, '0')}`,
  type: 'page_view',
  occurred_at: '2026-11-22T10:00:00.000Z',
  stamp: 0,
  visitor_id: VISITOR,
  page: { url: 'https://shop.example/boots' },
  ...more,
});

/** A choice that is told for the first time, a minute ago. */
export const aStamp = (purposes: readonly string[], more: Partial<ConsentStamp> = {}): ConsentStamp => ({
  purposes: [...purposes],
  source: 'manual',
  at: new Date(RECEIVED_AT - 60_000).toISOString(),
  ...more,
});

export const aBatch = (
  stamps: readonly unknown[],
  events: readonly unknown[],
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> => ({
  v: 1,
  site: 'shop',
  key: 'pk_demo',
  sdk: '0.1.0',
  sent_at: new Date(RECEIVED_AT - 250).toISOString(),
  visitor_id: VISITOR,
  stamps,
  events,
  ...more,
});

export interface Sent extends BatchReply {
  readonly status: number;
  readonly cookies: readonly string[];
}

/** Sends a batch as a page does, and reads the answer. */
export async function send(
  { request }: Pick<OpenedCollector, 'request'>,
  batch: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Sent> {
  const body = typeof batch === 'string' ? batch : JSON.stringify(batch);
  const type = { 'content-type': 'text/plain', origin: 'https://shop.example' };
  const response = await request('/v1/events', { method: 'POST', headers: { ...type, ...headers }, body });
  const reply = (await response.json()) as BatchReply;
  return { ...reply, status: response.status, cookies: response.headers.getSetCookie() };
}

/** Sends one event under a choice, and gives the receipt that the choice gets. */
export async function receiptOf(opened: OpenedCollector, stamp: ConsentStamp): Promise<string> {
  const { receipts } = await send(opened, aBatch([stamp], [anEvent()]));
  expect(receipts).toEqual([expect.stringMatching(/^[\w-]{22}$/)]);
  return receipts?.[0] as string;
}
