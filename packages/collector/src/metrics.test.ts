import { randomUUID } from 'node:crypto';
import { diskFiles } from '@parcours/store/log';
import { afterEach, expect, it } from 'vitest';
import { type OpenedCollector, openCollector } from './testing/open_collector.ts';

let opened: OpenedCollector;
afterEach(() => opened.close());

const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();
const anEvent = (more: object = {}) => ({
  event_id: randomUUID(),
  type: 'page_view',
  occurred_at: ago(0),
  stamp: 0,
  page: { url: 'https://shop.example/' },
  ...more,
});
const post = (events: readonly unknown[], more: object = {}): Promise<Response> =>
  opened.request('/v1/events', {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: JSON.stringify({
      v: 1,
      site: 'shop',
      key: 'pk_demo',
      sdk: '1',
      sent_at: ago(0),
      stamps: [
        { purposes: ['audience'], source: 'manual', at: ago(60_000) },
        { purposes: [], source: 'manual', at: ago(60_000) },
      ],
      events,
      ...more,
    }),
  });

/** The sum of a family's samples whose labels hold the text. */
async function sum(name: string, labels = ''): Promise<number> {
  const text = await (await opened.request('/metrics')).text();
  return text
    .split('\n')
    .filter((line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && line.includes(labels))
    .reduce((total, line) => total + Number(line.split(' ').at(-1)), 0);
}

it('adds up after a mixed load over a disk that failed for a while', async () => {
  let isFull = false;
  const files = {
    ...diskFiles,
    create: async (path: string) => {
      if (isFull) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      return diskFiles.create(path);
    },
  };
  opened = await openCollector('node', { logOptions: { files, maxSegmentBytes: 1 } });
  const twice = anEvent();
  await post([twice, anEvent(), anEvent({ stamp: 1 })]);
  await post([twice, anEvent({ type: 'Bad Name' }), 7, anEvent({ stamp: 9 })]);
  isFull = true;
  expect((await post([anEvent(), anEvent()])).status).toBe(503);
  isFull = false;
  await post([anEvent()]);

  const ended = await Promise.all(
    ['accepted', 'duplicate', 'filtered', 'failed', 'retry'].map((status) =>
      sum('parcours_items_total', `status="${status}"`),
    ),
  );
  expect(ended).toEqual([3, 1, 2, 2, 2]);
  expect(await sum('parcours_items_received_total')).toBe(ended.reduce((total, count) => total + count));
  const [accepted, duplicate, filtered, failed, retry] = ended;
  expect(opened.collector.accounts()).toEqual({ received: 10, accepted, duplicate, filtered, failed, retry });
  expect(await sum('parcours_items_total', 'code="store_unavailable"')).toBe(2);
  expect(await sum('parcours_consent_decisions_total', 'granted')).toBe(5);
  expect(await sum('parcours_consent_decisions_total', 'consent_denied')).toBe(1);
  expect(await sum('parcours_consent_decisions_total', 'consent_missing')).toBe(1);
  expect(await sum('parcours_batch_body_bytes_count', 'source="web"')).toBe(4);
  expect(await sum('parcours_log_group_records_count')).toBe(3);
  expect(await sum('parcours_log_fsync_duration_seconds_count')).toBe(3);
  expect(await sum('parcours_log_failed_groups_total')).toBe(1);
  expect(await sum('parcours_requests_in_flight')).toBe(0);
});

it('counts what the scrubber, the clock and the limits did, and no refused request under a name of its own', async () => {
  opened = await openCollector('node', { rateLimits: { perAddress: 3 } });
  await post([anEvent({ props: { note: 'write to jane@example.com' }, occurred_at: ago(3_600_000) })], {
    sent_at: ago(3_600_000),
    stamps: [{ purposes: ['audience'], source: 'manual', at: ago(7_200_000) }],
  });
  expect(await sum('parcours_scrubbed_total', 'email')).toBe(1);
  expect(await sum('parcours_clock_corrected_total')).toBe(1);
  await Promise.all(Array.from({ length: 9 }, () => post([], { site: `made-up-${randomUUID()}` })));
  expect(await sum('parcours_rate_limited_total', 'by="address"')).toBeGreaterThan(0);
  expect(await (await opened.request('/metrics')).text()).not.toContain('made-up');
});
