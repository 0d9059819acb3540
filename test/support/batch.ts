import { randomUUID } from 'node:crypto';
import type { EventRecord } from '@parcours/protocol';

/** An event as a page would send it now. */
export const anEvent = (more: Partial<EventRecord> = {}): EventRecord => ({
  event_id: randomUUID(),
  type: 'page_view',
  occurred_at: new Date().toISOString(),
  stamp: 0,
  visitor_id: 'visitor-1',
  page: { url: 'https://shop.example/boots', title: 'Boots' },
  ...more,
});

/** A person's browser: what Node says of itself counts as a bot, and reports leave bots out. */
export const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';

/** A batch of the site `shop`, granted a minute ago. */
export const aBatch = (events: readonly unknown[], more: object = {}): object => ({
  v: 1,
  site: 'shop',
  key: 'pk_demo',
  sdk: 'test',
  sent_at: new Date().toISOString(),
  stamps: [{ purposes: ['audience'], source: 'manual', at: new Date(Date.now() - 60_000).toISOString() }],
  events,
  ...more,
});

/** Sends events to a collector as one batch. */
export function postEvents(collector: string, events: readonly unknown[], more: object = {}): Promise<Response> {
  return fetch(`${collector}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', 'user-agent': PHONE },
    body: JSON.stringify(aBatch(events, more)),
  });
}
