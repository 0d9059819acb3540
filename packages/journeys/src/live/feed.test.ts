import type { LogRecord } from '@parcours/store/log';
import { expect, it } from 'vitest';
import { createLiveFeed, type LiveLine } from './feed.ts';

const record: LogRecord = {
  v: 1,
  kind: 'batch',
  site: 'shop',
  source: 'web',
  received_at: '2026-11-22T10:00:00.000Z',
  sent_at: '2026-11-22T10:00:00.000Z',
  sdk: '0.1.0',
  client: { bot: false },
  stamps: [],
  events: [
    {
      event_id: 'e-1',
      type: 'purchase',
      occurred_at: '2026-11-22T10:00:00.000Z',
      stamp: 0,
      path: '/done',
      order_id: 'W-1',
      visitor_id: 'v-1',
    },
  ],
  failed: [
    { type: 'search', stage: 'validate', code: 'invalid_field', path: 'props.search_term', message: 'm', item: '{}' },
  ],
  filtered: [{ type: 'page_view', code: 'consent_denied', count: 3 }],
};

it('tells every outcome with its decision, and no identifier', () => {
  const feed = createLiveFeed();
  const seen: LiveLine[] = [];
  feed.subscribe((lines) => seen.push(...lines));
  feed.publish(record);
  expect(seen.map(({ type, decision, detail, count }) => [type, decision, detail, count])).toEqual([
    ['purchase', 'accepted', '/done W-1', 1],
    ['search', 'failed', 'invalid_field: props.search_term', 1],
    ['page_view', 'filtered', 'consent_denied', 3],
  ]);
  expect(JSON.stringify(seen)).not.toMatch(/e-1|v-1/);
});

it('says that a server told an order, where there is no page', () => {
  const feed = createLiveFeed();
  const seen: LiveLine[] = [];
  feed.subscribe((lines) => seen.push(...lines));
  const purchase = { event_id: 'e-2', type: 'purchase', occurred_at: record.sent_at, stamp: 0, order_id: 'W-1' };
  feed.publish({ ...record, source: 'server', events: [purchase] });
  expect(seen[0]?.detail).toBe('server W-1');
});

it('listens only while somebody watches', () => {
  const feed = createLiveFeed();
  const log: string[] = [];
  feed.onWatch(() => {
    log.push('begin');
    return () => log.push('end');
  });
  const first = feed.subscribe(() => {});
  const second = feed.subscribe(() => {});
  first();
  expect(log).toEqual(['begin']);
  second();
  expect(log).toEqual(['begin', 'end']);
  feed.subscribe(() => {});
  expect(log).toEqual(['begin', 'end', 'begin']);
});
