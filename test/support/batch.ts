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

/** Sends events to a collector for the site `shop`, granted a minute ago. */
export function postEvents(collector: string, events: readonly unknown[], more: object = {}): Promise<Response> {
  return fetch(`${collector}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: JSON.stringify({
      v: 1,
      site: 'shop',
      key: 'pk_demo',
      sdk: 'test',
      sent_at: new Date().toISOString(),
      stamps: [{ purposes: ['audience'], source: 'manual', at: new Date(Date.now() - 60_000).toISOString() }],
      events,
      ...more,
    }),
  });
}
