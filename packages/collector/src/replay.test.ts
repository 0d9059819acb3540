import { expect, it } from 'vitest';
import { createReplay, type FailedItem } from './replay.ts';
import { openCollector } from './testing/open_collector.ts';
import { aPolicy } from './testing/policy.ts';

const site = { id: 'shop', origins: ['https://shop.example'], hosts: [], queryKeys: [] };
const item = {
  event_id: '019aa1c0-0000-7000-8000-000000000001',
  type: 'purchase',
  occurred_at: '2026-01-22T10:00:00.000Z',
  stamp: 3,
  visitor_id: 'v-1',
  page: { url: 'https://shop.example/done' },
  props: { transaction_id: 'W-1', currency: 'EUR', value: 12.5, items: [{ item_id: 'a' }] },
};
const failed = (more: Partial<FailedItem> = {}): FailedItem => ({
  item,
  source: 'web',
  received_at: '2026-01-22T10:00:01.000Z',
  sent_at: '2026-01-22T10:00:00.500Z',
  sdk: '1.0.0',
  client: { bot: false, device: 'mobile', ip_prefix: '192.0.2.0/24' },
  stamp: { purposes: ['audience'], source: 'manual', at: '2026-01-22T09:00:00.000Z', policy_hash: 'p' },
  ...more,
});

it('stores an item as if it had been right when it was received: its times, device and consent as they were', () => {
  const replayed = createReplay(site)(failed());
  expect(replayed).toMatchObject({
    status: 'accepted',
    record: {
      ...{ site: 'shop', source: 'web', sdk: '1.0.0', client: { bot: false, device: 'mobile' } },
      ...{ received_at: '2026-01-22T10:00:01.000Z', sent_at: '2026-01-22T10:00:00.500Z' },
      stamps: [{ purposes: ['audience'], at: '2026-01-22T09:00:00.000Z', policy_hash: 'p' }],
      events: [
        {
          ...{ event_id: item.event_id, occurred_at: item.occurred_at, visitor_id: 'v-1', stamp: 0 },
          ...{ order_id: 'W-1', amount_minor: 1250 },
        },
      ],
    },
  });
});

it('tells the new reason of what fails again, and makes no record of it', () => {
  const replayed = createReplay(site)(failed({ item: { ...item, props: { ...item.props, currency: 'euro' } } }));
  expect(replayed).toMatchObject({ status: 'failed', result: { code: 'invalid_field', path: 'props.currency' } });
  expect(replayed).not.toHaveProperty('record');
});

it.each([
  [{ purposes: [] }, 'consent_denied'],
  [{ at: '2024-01-22T09:00:00.000Z' }, 'consent_expired'],
  [{ at: 'x' }, 'consent_malformed'],
])('decides consent again: %o is filtered and counted, and no content is kept', (stamp, code) => {
  const replayed = createReplay(site)(failed({ stamp: { ...failed().stamp, ...stamp } }));
  expect(replayed).toMatchObject({
    status: 'filtered',
    record: { events: [], filtered: [{ type: 'purchase', code, count: 1 }] },
  });
  expect(JSON.stringify(replayed)).not.toContain('W-1');
});

it('is judged by the policy of today, and by what was withdrawn since', () => {
  const policy = aPolicy({ fields: { order_id: ['crm_join'], device: ['crm_join'] } });
  const stamp = { ...failed().stamp, policy_hash: policy.hash };
  const replayed = createReplay(site, { published: [policy] })(failed({ stamp }));
  expect(replayed).toMatchObject({ status: 'accepted', record: { events: [{ amount_minor: 1250 }] } });
  expect(JSON.stringify(replayed)).not.toMatch(/W-1|mobile/);
  const withdrawalsOf = (visitorId: string) => (visitorId === 'v-1' ? { '*': Date.parse('2026-02-01') } : undefined);
  const withdrawn = createReplay(site, { withdrawalsOf })(failed());
  expect(withdrawn).toMatchObject({
    status: 'filtered',
    result: { code: 'consent_withdrawn' },
    record: { events: [] },
  });
  const unknown = createReplay(site, { published: [policy] })(failed());
  expect(unknown).toMatchObject({ status: 'filtered', result: { code: 'policy_unknown' } });
});

it.each([
  ['is not decided where somebody on its site has withdrawn since', 'web', '2026-01-22T09:00:00.000Z', 'undecided'],
  ['is judged where nobody has', 'web', '2026-01-22T08:59:59.999Z', 'accepted'],
  ['is judged where it is of a server, which answers for the choice', 'server', '2026-02-01T00:00:00.000Z', 'accepted'],
])('an item without a visitor %s', (_, source, withdrawnAt, status) => {
  const { visitor_id: _visitor, ...nobodys } = item;
  const replay = createReplay(site, { lastWithdrawnAt: Date.parse(withdrawnAt) });
  expect(replay(failed({ item: nobodys, source })).status).toBe(status);
});

it('an item without a visitor and without a date of its choice is not decided where anybody has withdrawn', () => {
  const { visitor_id: _visitor, ...nobodys } = item;
  const replay = createReplay(site, { lastWithdrawnAt: 0 });
  expect(replay(failed({ item: nobodys, stamp: { ...failed().stamp, at: 'x' } }))).toMatchObject({
    status: 'undecided',
    message: expect.stringContaining('names no visitor'),
  });
});

it('leaves out a join key that the stamp does not grant', () => {
  const replayed = createReplay(site)(failed({ item: { ...item, keys: { loyalty_id: 'L-1' } } }));
  expect(JSON.stringify(replayed)).not.toContain('L-1');
});

it('what the collector keeps of a failed item is enough: repaired, it becomes the row that it would have been', async () => {
  const opened = await openCollector('hono');
  const page = { url: 'https://shop.example/done?utm_source=mail&hush=1', referrer: 'https://news.example/a?hush=2' };
  const sent = { ...item, stamp: 0, type: 'page_view', occurred_at: new Date().toISOString(), page, props: {} };
  try {
    const events = [
      { ...sent, seq: 'first' },
      { ...sent, event_id: '019aa1c0-0000-7000-8000-000000000002', seq: 1 },
    ];
    const stamps = [{ purposes: ['audience'], source: 'manual', at: new Date(Date.now() - 60_000).toISOString() }];
    const batch = {
      v: 1,
      site: 'shop',
      key: 'pk_demo',
      sdk: '1.0.0',
      sent_at: new Date().toISOString(),
      stamps,
      events,
    };
    await opened.request('/v1/events', {
      method: 'POST',
      headers: { 'content-type': 'text/plain', origin: 'https://shop.example' },
      body: JSON.stringify(batch),
    });
    const [record] = await opened.records();
    const [kept] = record!.failed!;
    expect(kept!.item).not.toContain('hush');
    const { source, received_at, sent_at, sdk, client } = record!;
    const again = createReplay({ ...site, id: record!.site })({
      ...{ source, received_at, sent_at, sdk, client, stamp: record!.stamps[0]! },
      item: { ...JSON.parse(kept!.item), seq: 1 },
    });
    const [right] = record!.events;
    expect(again).toMatchObject({ status: 'accepted', record: { events: [{ ...right, event_id: sent.event_id }] } });
  } finally {
    await opened.close();
  }
});
