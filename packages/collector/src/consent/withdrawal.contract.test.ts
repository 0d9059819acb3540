import { RECEIVED_AT } from '@parcours/protocol/corpus';
import { createMemoryReceipts } from '@parcours/store/receipts';
import { afterEach, describe, expect, it } from 'vitest';
import { aBatch, anEvent, aStamp, receiptOf, send, VISITOR } from '../testing/consent_batch.ts';
import { type OpenedCollector, openCollector, type Way } from '../testing/open_collector.ts';
import { aPolicy } from '../testing/policy.ts';
import type { NewWithdrawal } from './withdrawals.ts';

const ALL = aStamp(['audience', 'ads_measurement', 'crm_join']);
const at = (ms: number): string => new Date(RECEIVED_AT + ms).toISOString();
const withdrawn = (more: Record<string, unknown> = {}) => ({ withdrawn: { at: at(-30_000), ...more } });
const denied = { status: 'filtered', code: 'consent_withdrawn' };

describe.each<Way>(['hono', 'node'])('a withdrawal, through %s', (way) => {
  let opened: OpenedCollector;
  const kept = () => createMemoryReceipts();
  const open = async (options: Parameters<typeof openCollector>[1] = {}): Promise<OpenedCollector> => {
    opened = await openCollector(way, { now: () => RECEIVED_AT, ...options });
    return opened;
  };
  afterEach(() => opened?.close());

  it('blocks what was chosen before it at once, queued events too, and not what is chosen after', async () => {
    await open();
    const receipt = await receiptOf(opened, ALL);
    expect(await send(opened, aBatch([], [], withdrawn()))).toMatchObject({ status: 200, results: [] });
    const queued = await send(opened, aBatch([{ ...ALL, receipt }, ALL], [anEvent(), anEvent({ stamp: 1 })]));
    expect(queued).toMatchObject({ status: 200, results: [denied, denied] });
    expect(queued).not.toHaveProperty('receipts');
    expect((await opened.records()).flatMap(({ events }) => events)).toHaveLength(1);
    const anew = await send(opened, aBatch([aStamp(['audience'], { at: at(-10_000) })], [anEvent()]));
    expect(anew.results).toMatchObject([{ status: 'accepted' }]);
  });

  it('blocks events that come in the same batch', async () => {
    await open();
    const { results } = await send(opened, aBatch([ALL], [anEvent()], withdrawn()));
    expect(results).toMatchObject([denied]);
    expect((await opened.records()).flatMap(({ events }) => events)).toEqual([]);
  });

  it('takes the id from the browser, also where a batch from before is answered after it', async () => {
    const receipts = kept();
    let release = (): void => {};
    const written = new Promise<void>((resolve) => {
      release = resolve;
    });
    const append: (typeof receipts)['append'] = async (receipt) => {
      if (receipt.action === 'grant') await written;
      return receipts.append(receipt);
    };
    await open({ consent: { receipts: { append } } });
    const before = send(opened, aBatch([ALL], [anEvent()]));
    await expect.poll(() => opened.records().then((records) => records.length)).toBe(1);
    const told = await send(opened, aBatch([], [], withdrawn()));
    expect(told.cookies).toEqual([expect.stringMatching(/^pc_shop=;.*Max-Age=0/)]);
    release();
    expect(await before).toMatchObject({ status: 200, results: [{ status: 'accepted' }], cookies: [] });
    const anew = await send(opened, aBatch([aStamp(['audience'], { at: at(-10_000) })], [anEvent()]));
    expect(anew.cookies).toEqual([expect.stringContaining('pc_shop=')]);
  });

  it('is proven and told to every collector before it is answered, once however often it is sent', async () => {
    const receipts = kept();
    const told: NewWithdrawal[] = [];
    let release = (): void => {};
    const written = new Promise<void>((resolve) => {
      release = resolve;
    });
    const recordWithdrawal = async (withdrawal: NewWithdrawal): Promise<void> => {
      told.push(withdrawal);
      await written;
    };
    await open({ consent: { receipts, recordWithdrawal } });
    let isAnswered = false;
    const answer = send(opened, aBatch([], [], withdrawn())).then((reply) => {
      isAnswered = true;
      return reply;
    });
    // It blocks before it is on disk.
    const { results } = await send(opened, aBatch([ALL], [anEvent()]));
    expect([results[0], isAnswered]).toMatchObject([denied, false]);
    release();
    expect((await answer).status).toBe(200);
    await send(opened, aBatch([], [], withdrawn()));
    const [receipt, ...more] = receipts.records();
    expect(more).toEqual([]);
    expect(receipt).toMatchObject({
      action: 'withdraw',
      purposes: { granted: [], denied: expect.arrayContaining(['audience', 'crm_join']) },
      chosen_at: at(-30_000),
    });
    expect(receipt).not.toHaveProperty('expires_at');
    const { subject } = receipt as { subject: string };
    expect(told[0]).toEqual({ site: 'shop', subject, withdrawn_at: at(-30_000) });
    expect(JSON.stringify([receipt, told])).not.toContain(VISITOR);
  });

  it('clears the visitor cookie everywhere, and whoever chooses anew is somebody else', async () => {
    const domains = { cookieDomains: ['shop.example'] };
    await open({ sites: [{ id: 'shop', keys: ['pk_demo'], origins: ['https://shop.example'], ...domains }] });
    const [issued] = (await send(opened, aBatch([ALL], [anEvent()]))).cookies;
    const cookie = issued?.split(';')[0] as string;
    const { cookies } = await send(opened, aBatch([], [], { ...withdrawn(), visitor_id: undefined }), { cookie });
    expect(cookies).toEqual([
      'pc_shop=; Max-Age=0; HttpOnly; Secure; SameSite=Lax',
      'pc_shop=; Max-Age=0; Domain=shop.example; HttpOnly; Secure; SameSite=Lax',
    ]);
    expect((await send(opened, aBatch([ALL], [anEvent()]))).results).toMatchObject([denied]);

    // Withdrawn and granted anew before the browser was back: the request brings the cookie of before.
    const asNew = { visitor_id: '019aa1c0-aaaa-7000-8000-000000000002' };
    const anew = aStamp(['audience'], { at: at(-1_000) });
    const both = await send(opened, aBatch([anew], [anEvent(asNew)], { ...withdrawn(), ...asNew }), { cookie });
    expect(both.results).toMatchObject([{ status: 'accepted' }]);
    expect(both).not.toHaveProperty('visitor_id');
    expect(both.cookies).toHaveLength(3);
    expect(both.cookies[2]).toContain(asNew.visitor_id);
    const stored = (await opened.records()).flatMap(({ events }) => events.map(({ visitor_id }) => visitor_id));
    expect(stored).toEqual([VISITOR, asNew.visitor_id]);
  });

  it('is of the cookie and of the id that the page names', async () => {
    await open();
    const [issued] = (await send(opened, aBatch([ALL], [anEvent()]))).cookies;
    const cookie = issued?.split(';')[0] as string;
    await send(opened, aBatch([], [], { ...withdrawn(), visitor_id: 'of-the-page' }), { cookie });
    for (const visitor_id of [VISITOR, 'of-the-page']) {
      const { results } = await send(opened, aBatch([ALL], [anEvent({ visitor_id })], { visitor_id }));
      expect([visitor_id, results]).toMatchObject([visitor_id, [denied]]);
    }
    const other = { visitor_id: 'another' };
    expect((await send(opened, aBatch([ALL], [anEvent(other)], other))).results).toMatchObject([
      { status: 'accepted' },
    ]);
  });

  it('of some purposes takes those alone, and leaves the cookie', async () => {
    await open();
    const page = { url: 'https://shop.example/boots?utm_source=news' };
    const reduced = withdrawn({ purposes: ['ads_measurement', 'to_the_moon'] });
    const { results, cookies } = await send(opened, aBatch([ALL], [anEvent({ page })], reduced));
    expect(results).toMatchObject([{ status: 'accepted' }]);
    expect(cookies.join()).not.toContain('Max-Age=0');
    const [record] = await opened.records();
    expect(record?.stamps[0]?.purposes).toEqual(['audience', 'crm_join']);
    expect(record?.events[0]).not.toHaveProperty('utm_source');
    expect((await send(opened, aBatch([], [], withdrawn({ purposes: ['audience'] })))).cookies).toHaveLength(1);
  });

  it('that another collector recorded blocks here', async () => {
    const first = await open();
    const shared = new Map<string, { '*': number }>();
    await first.close();
    const recordWithdrawal = async ({ site, subject, withdrawn_at }: NewWithdrawal): Promise<void> => {
      shared.set(`${site} ${subject}`, { '*': Date.parse(withdrawn_at) });
    };
    const there = await open({ consent: { recordWithdrawal } });
    await send(there, aBatch([], [], withdrawn()));
    await there.close();
    await open({ consent: { withdrawalsOf: (site, subject) => shared.get(`${site} ${subject}`) } });
    expect((await send(opened, aBatch([ALL], [anEvent()]))).results).toMatchObject([denied]);
  });

  it('of everything takes back what the policy does not name any more, too', async () => {
    const receipts = kept();
    await open({ consent: { receipts } });
    await receiptOf(opened, ALL);
    opened.collector.setPolicies([aPolicy({ purposes: { audience: { basis: 'consent' } } })]);
    await send(opened, aBatch([], [], withdrawn()));
    const proof = receipts.records().at(-1);
    expect(proof).toMatchObject({ action: 'withdraw' });
    expect(proof?.purposes.denied).toEqual(expect.arrayContaining([...ALL.purposes]));
  });

  it('of a clock that was set back takes back every choice that is taken now', async () => {
    await open();
    // The choice was dated by a clock that was four minutes ahead; the page dates the withdrawal no earlier than the choice.
    const ahead = aStamp(['audience'], { at: at(240_000) });
    const receipt = await receiptOf(opened, ahead);
    await send(opened, aBatch([], [], { withdrawn: { at: ahead.at } }));
    const { results } = await send(opened, aBatch([{ ...ahead, receipt }], [anEvent()]));
    expect(results).toMatchObject([denied]);
  });

  it('of a clock that is ahead takes back nothing that is still to be chosen', async () => {
    await open();
    await send(opened, aBatch([], [], withdrawn({ at: at(86_400_000) })));
    const anHour = 3_600_000;
    const later = aBatch([aStamp(['audience'], { at: at(anHour) })], [anEvent()], { sent_at: at(anHour + 2_000) });
    expect((await send(opened, later)).results).toMatchObject([{ status: 'accepted' }]);
  });

  it('is taken from one address ten times less often than a batch: each is kept for good, and by every collector', async () => {
    const receipts = kept();
    await open({ consent: { receipts }, rateLimits: { perAddress: 20 } });
    const statuses: number[] = [];
    for (let n = 0; n < 12 && !statuses.includes(429); n++) {
      const { status } = await send(opened, aBatch([], [], { ...withdrawn(), visitor_id: `visitor-${n}` }));
      statuses.push(status);
    }
    expect(statuses.slice(0, 2)).toEqual([200, 200]);
    expect(statuses.at(-1)).toBe(429);
    expect(receipts.records()).toHaveLength(statuses.length - 1);
    // Who was refused comes again; what is no withdrawal is not held up.
    expect((await send(opened, aBatch([ALL], [anEvent()]))).status).toBe(200);
  });

  it.each([
    ['with the key of another site', { key: 'pk_other' }, {}, 401],
    ['from a page elsewhere', {}, { origin: 'https://evil.example' }, 401],
    ['without a date', { withdrawn: {} }, {}, 400],
    ['of no purpose', withdrawn({ purposes: [] }), {}, 400],
    ['too often', {}, {}, 429],
  ] as const)('%s is refused as any batch, and takes back nothing', async (_, more, headers, status) => {
    const receipts = kept();
    await open({ consent: { receipts }, ...(status === 429 && { rateLimits: { perAddress: 1 } }) });
    if (status === 429) for (let n = 0; n < 2; n++) await send(opened, aBatch([], []));
    const reply = await send(opened, aBatch([], [], { ...withdrawn(), ...more }), headers);
    expect(reply.status).toBe(status);
    expect(receipts.records()).toEqual([]);
  });
});
