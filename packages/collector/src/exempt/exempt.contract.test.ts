import { RECEIVED_AT } from '@parcours/protocol/corpus';
import { afterEach, describe, expect, it } from 'vitest';
import { aBatch, anEvent, aStamp, send } from '../testing/consent_batch.ts';
import { type OpenedCollector, openCollector, type Way } from '../testing/open_collector.ts';
import { aPolicy } from '../testing/policy.ts';

const POLICY = aPolicy({ preset: 'cnil-fr-2025' });
const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.7103.93 Safari/537.36';

const stamp = (more: object = {}) => aStamp(['audience_exempt'], { source: 'exempt', policy: POLICY.hash, ...more });

/** As a browser sends it that keeps to nothing: all that an event can have. */
const greedy = (more: object = {}) =>
  anEvent({
    occurred_at: '2026-11-22T10:00:42.123Z',
    ...{ seq: 7, session_id: 'session-canary', page_view_id: 'view-canary' },
    page: {
      url: 'https://marie:secret@shop.example/boots/marie@example.com?utm_source=letter&gclid=1&q=tent#frag',
      title: 'Boots for Marie',
      referrer: 'https://www.search.example/find?q=canary-words',
    },
    keys: { customer_id: 'customer-canary', email_hmac: 'hmac-canary', order_id: 'order-canary' },
    props: {
      ...{ navigation: 'load', screen: 'medium', transaction_id: 'order-canary', value: 12, currency: 'EUR' },
      ...{ label: 'label-canary', link_url: 'https://other.example/canary', click_id: 'gclid' },
    },
    ...more,
  });

/** What our own script sends: nobody is named. */
const alone = (events: readonly unknown[], stamps: readonly unknown[] = [stamp()]) =>
  aBatch(stamps, events, { visitor_id: undefined });

describe.each<Way>(['hono', 'node'])('told without consent, through %s', (way) => {
  let opened: OpenedCollector;
  const open = async (options: Parameters<typeof openCollector>[1] = {}): Promise<OpenedCollector> => {
    opened = await openCollector(way, { now: () => RECEIVED_AT, policies: [POLICY], trustProxy: 1, ...options });
    return opened;
  };
  afterEach(() => opened?.close());
  const from = (address: string, more: Readonly<Record<string, string>> = {}) => ({
    'x-forwarded-for': address,
    'user-agent': CHROME,
    ...more,
  });

  it('is kept as the conditions have it, whatever the browser sends', async () => {
    await open();
    const view = greedy();
    const click = greedy({
      type: 'click',
      props: { ...greedy().props, element: 'main > a#boots', role: 'link', x: 0.5 },
    });
    const vital = greedy({
      type: 'web_vital',
      props: { name: 'LCP', value: 1840, rating: 'good', navigation: 'load' },
    });
    const reply = await send(opened, alone([view, click, vital]), from('203.0.113.77'));
    expect(reply.results.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(reply.cookies).toEqual([]);
    expect(reply).not.toHaveProperty('visitor_id');
    expect(reply).not.toHaveProperty('receipts');
    const [record] = await opened.records();
    const common = {
      occurred_at: '2026-11-22T10:00:00.000Z',
      path: '/boots/[email]',
      referrer_host: 'www.search.example',
      ...{ device: 'desktop', browser: 'Chrome 156', os: 'Windows 10', bot: false, ip_prefix: '203.0.0.0/16' },
      policy_hash: POLICY.hash,
    };
    expect(record).toEqual({
      ...{ v: 1, kind: 'batch', site: 'shop', source: 'web', sdk: '0.1.0' },
      received_at: new Date(RECEIVED_AT).toISOString(),
      sent_at: new Date(RECEIVED_AT - 250).toISOString(),
      client: { bot: false },
      stamps: [{ purposes: [], source: '', at: '1970-01-01T00:00:00.000Z' }],
      events: [],
      exempted: [
        { event_id: view.event_id, type: 'page_view', screen: 'medium', ...common },
        {
          ...{ event_id: click.event_id, type: 'click', screen: 'medium', ...common },
          props: { element: 'main > a#boots', role: 'link' },
        },
        { event_id: vital.event_id, type: 'web_vital', ...common, props: { name: 'LCP', value: 1840, rating: 'good' } },
      ],
    });
    expect(JSON.stringify(record)).not.toMatch(/canary|utm_|gclid|secret|Marie|203\.0\.113/);
  });

  it.each([
    ['2001:db8:1:2::3', '2001:db8:1::/48'],
    ['::ffff:203.0.113.77', '203.0.0.0/16'],
    ['2002:cb00:714d::1', '203.0.0.0/16'],
  ])('keeps of the address %s the network %s', async (address, ip_prefix) => {
    await open();
    await send(opened, alone([greedy()]), from(address));
    expect((await opened.records())[0]?.exempted).toMatchObject([{ ip_prefix }]);
  });

  it.each(['purchase', 'identify', 'search', 'scroll', 'my_own'])('takes no %s', async (type) => {
    await open();
    const reply = await send(opened, alone([greedy({ type, props: {} })]), from('203.0.113.77'));
    expect(reply.results).toMatchObject([{ status: 'filtered', code: 'event_not_allowed' }]);
  });

  it.each([
    ['a visitor', () => aBatch([stamp()], [greedy()])],
    ['a choice', () => alone([greedy({ stamp: 1 })], [aStamp(['audience']), stamp()])],
    ['a reset', () => aBatch([stamp()], [greedy()], { visitor_id: undefined, rotate: true })],
    [
      'what is taken back',
      () =>
        aBatch([stamp()], [greedy()], {
          visitor_id: undefined,
          withdrawn: { at: new Date(RECEIVED_AT).toISOString() },
        }),
    ],
  ])('is not taken beside %s, to which it could be joined', async (_, batch) => {
    await open();
    const reply = await send(opened, batch(), from('203.0.113.77'));
    expect(reply.results.at(-1)).toMatchObject({ status: 'filtered', code: 'exempt_not_alone' });
    for (const record of await opened.records()) expect(record).not.toHaveProperty('exempted');
  });

  it('is refused where no policy has the preset, and a grant is no way around it', async () => {
    await open({ policies: [] });
    const reply = await send(opened, alone([greedy()], [stamp({ policy: undefined })]), from('203.0.113.77'));
    expect(reply.results).toMatchObject([{ status: 'filtered', code: 'consent_denied' }]);
    const both = await send(opened, aBatch([aStamp(['audience', 'audience_exempt'])], [anEvent()]));
    expect(both.results).toMatchObject([{ status: 'accepted' }]);
    const records = await opened.records();
    expect(records.flatMap(({ exempted = [] }) => exempted)).toEqual([]);
    expect(records.at(-1)?.stamps).toMatchObject([{ purposes: ['audience'] }]);
  });

  it('opens nothing else: a grant under the preset still needs audience', async () => {
    await open();
    const reply = await send(opened, aBatch([aStamp(['audience_exempt', 'crm_join'])], [greedy()]));
    expect(reply.results).toMatchObject([{ status: 'filtered', code: 'consent_denied' }]);
  });

  it.each([
    ['too old to be of this visit', { occurred_at: '2026-11-20T10:00:00.000Z' }, 'too_old'],
    ['of no readable page', { page: { url: 5 } }, 'invalid_field'],
  ])('one that is %s fails, and nothing of it is kept', async (_, more, code) => {
    await open();
    const reply = await send(opened, alone([greedy(more)]), from('203.0.113.77'));
    expect(reply.results).toMatchObject([{ status: 'failed', code }]);
    const [record] = await opened.records();
    expect(record?.failed).toMatchObject([{ code, item: '' }]);
    expect(JSON.stringify(record)).not.toContain('canary');
  });

  it.each([
    ['no time', { at: 'yesterday' }, 'consent_malformed'],
    ['a time to come', { at: new Date(RECEIVED_AT + 86_400_000).toISOString() }, 'consent_malformed'],
    ['a policy that nobody published', { policy: 'a-hash-of-22-characters' }, 'policy_unknown'],
  ])('is not taken under a stamp with %s', async (_, more, code) => {
    await open();
    const reply = await send(opened, alone([greedy()], [stamp(more)]), from('203.0.113.77'));
    expect(reply.results).toMatchObject([{ status: 'filtered', code }]);
    for (const record of await opened.records()) expect(record).not.toHaveProperty('exempted');
  });

  it('has its texts scrubbed, as all others', async () => {
    await open();
    const props = { element: 'a#marie@example.com', role: '06 12 34 56 78' };
    await send(opened, alone([greedy({ type: 'click', props })]), from('203.0.113.77'));
    const [record] = await opened.records();
    expect(record?.exempted).toMatchObject([{ props: { element: '[email]', role: '[phone]' } }]);
  });

  it('is stored once', async () => {
    await open();
    const batch = alone([greedy()]);
    await send(opened, batch, from('203.0.113.77'));
    expect((await send(opened, batch, from('203.0.113.77'))).results).toMatchObject([{ status: 'duplicate' }]);
    expect(await opened.records()).toHaveLength(1);
  });

  it('is nothing of a server’s', async () => {
    const secret = 'a-secret-key-of-the-shop-server-0123456789';
    await open({
      sites: [{ id: 'shop', keys: ['pk_demo'], secretKeys: [secret], origins: ['https://shop.example'] }],
    });
    const { key: _, ...batch } = alone([greedy()]);
    const response = await opened.request('/v1/events', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
      body: JSON.stringify(batch),
    });
    expect((await response.json()).results).toMatchObject([{ status: 'filtered', code: 'consent_denied' }]);
  });

  it('ends with Global Privacy Control where the policy says so, and only there', async () => {
    const gpc = from('203.0.113.77', { 'sec-gpc': '1' });
    await open();
    expect((await send(opened, alone([greedy()]), gpc)).results).toMatchObject([{ status: 'accepted' }]);
    const strict = aPolicy({
      preset: 'cnil-fr-2025',
      gpc_removes: ['ads_measurement', 'ads_share', 'audience_exempt'],
    });
    opened.collector.setPolicies([POLICY, strict]);
    expect((await send(opened, alone([greedy()]), gpc)).results).toMatchObject([{ code: 'consent_denied' }]);
    expect((await send(opened, alone([greedy()]), from('203.0.113.77'))).results).toMatchObject([
      { status: 'accepted' },
    ]);
  });

  it('ends with an objection, which a cookie keeps for 13 months', async () => {
    await open();
    const told = await send(opened, { ...alone([]), stamps: [], objection: true });
    expect(told.cookies).toEqual(['pc_objection_shop=1; Max-Age=34128000; Path=/; Secure; SameSite=Lax']);
    const with_ = from('203.0.113.77', { cookie: 'a=b; pc_objection_shop=1' });
    expect((await send(opened, alone([greedy()]), with_)).results).toMatchObject([{ code: 'objected' }]);
    const other = from('203.0.113.77', { cookie: 'pc_objection_other=1' });
    expect((await send(opened, alone([greedy()]), other)).results).toMatchObject([{ status: 'accepted' }]);
    const back = await send(opened, { ...alone([]), stamps: [], objection: false });
    expect(back.cookies).toEqual(['pc_objection_shop=; Max-Age=0; Path=/; Secure; SameSite=Lax']);
  });

  it('marks visitors of a day only where the policy counts them', async () => {
    let now = RECEIVED_AT;
    await open({ now: () => now });
    await send(opened, alone([greedy()]), from('203.0.113.77'));
    opened.collector.setPolicies([POLICY, aPolicy({ preset: 'cnil-fr-2025', exempt: { cookieless: true } })]);
    for (const address of ['203.0.113.77', '203.0.113.77', '203.0.113.78'])
      await send(opened, alone([greedy()]), from(address));
    now += 86_400_000;
    const tomorrow = {
      ...alone([greedy({ occurred_at: new Date(now).toISOString() })]),
      sent_at: new Date(now).toISOString(),
    };
    await send(opened, { ...tomorrow, stamps: [stamp({ at: new Date(now).toISOString() })] }, from('203.0.113.77'));
    const marks = (await opened.records()).flatMap(({ exempted = [] }) => exempted).map((row) => row.day_visitor);
    expect(marks[0]).toBeUndefined();
    expect(marks.slice(1).every((mark) => /^[\w-]{22}$/.test(mark ?? ''))).toBe(true);
    expect(marks[1]).toBe(marks[2]);
    expect(new Set(marks).size).toBe(4);
  });
});
