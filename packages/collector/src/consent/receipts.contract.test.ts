import { RECEIVED_AT } from '@parcours/protocol/corpus';
import { DEFAULT_POLICY, policyHash } from '@parcours/protocol/policy';
import { LogError } from '@parcours/store/log';
import { createMemoryReceipts } from '@parcours/store/receipts';
import { afterEach, describe, expect, it } from 'vitest';
import { aBatch, anEvent, aStamp, receiptOf, send, VISITOR } from '../testing/consent_batch.ts';
import { type OpenedCollector, openCollector, type Way } from '../testing/open_collector.ts';
import { aPolicy } from '../testing/policy.ts';

const AUDIENCE = aStamp(['audience']);
const SCRIPTS = [{ version: '0.1.0', file: 'p.js', bytes: new TextEncoder().encode('x()') }];

describe.each<Way>(['hono', 'node'])('receipts, through %s', (way) => {
  let opened: OpenedCollector;
  const receipts = () => createMemoryReceipts();
  const open = async (options: Parameters<typeof openCollector>[1] = {}): Promise<OpenedCollector> => {
    opened = await openCollector(way, { now: () => RECEIVED_AT, ...options });
    return opened;
  };
  afterEach(() => opened?.close());
  const stored = async () => (await opened.records()).flatMap(({ events }) => events);

  it('gives a choice that is told for the first time its receipt, with all that is known of it', async () => {
    const kept = receipts();
    const policy = aPolicy({ choice_days: 90 });
    await open({ consent: { receipts: kept }, scripts: SCRIPTS, policies: [policy] });
    const stamp = aStamp(['audience', 'ads_measurement', 'to_the_moon'], {
      source: 'tcf',
      policy: policy.hash,
      denied: ['crm_join'],
      consent_string: 'CPxyzAAAAAAA',
      source_version: '2.3',
      notice_hash: 'sha256-47DEQpj8HBSa',
      language: 'fr-FR',
    });
    const reply = await send(opened, aBatch([stamp], [anEvent()]), { 'sec-gpc': '1' });
    const [receipt] = kept.records();
    expect(reply.receipts).toEqual([receipt?.receipt_id]);
    expect(receipt).toMatchObject({
      site: 'shop',
      action: 'grant',
      purposes: { granted: ['audience', 'ads_measurement'], denied: ['crm_join'] },
      legal_basis: { audience: 'consent', ads_measurement: 'consent' },
      source: 'tcf',
      source_version: '2.3',
      consent_string: 'CPxyzAAAAAAA',
      notice_hash: 'sha256-47DEQpj8HBSa',
      sdk: '0.1.0',
      sdk_hash: expect.stringMatching(/^sha384-/),
      policy_hash: policy.hash,
      policy_version: '1.0.0',
      language: 'fr-FR',
      country: 'FR',
      gpc: true,
      chosen_at: stamp.at,
      received_at: new Date(RECEIVED_AT).toISOString(),
      expires_at: new Date(Date.parse(stamp.at) + 90 * 86_400_000).toISOString(),
    });
    expect(JSON.stringify(receipt)).not.toContain(VISITOR);
    const [record] = await opened.records();
    expect(record?.stamps).toEqual([
      {
        // What was permitted: Global Privacy Control took the rest.
        purposes: ['audience'],
        source: 'tcf',
        at: stamp.at,
        policy_hash: policy.hash,
        receipt_id: receipt?.receipt_id,
      },
    ]);
  });

  it('gives the same receipt to the same choice, however often it is told, and none to a stamp that has one', async () => {
    const kept = receipts();
    await open({ consent: { receipts: kept } });
    const first = await receiptOf(opened, AUDIENCE);
    const event = anEvent();
    expect((await send(opened, aBatch([AUDIENCE], [event]))).receipts).toEqual([first]);
    // Its first answer was lost: the event is there already, the receipt is told once more.
    const again = await send(opened, aBatch([AUDIENCE], [event]));
    expect(again).toMatchObject({ results: [{ status: 'duplicate' }], receipts: [first] });
    const proven = await send(opened, aBatch([{ ...AUDIENCE, receipt: first }], [anEvent()]));
    expect(proven.results).toMatchObject([{ status: 'accepted' }]);
    expect(proven).not.toHaveProperty('receipts');
    expect(kept.records()).toHaveLength(1);
    const ids = (await opened.records()).flatMap(({ stamps }) => stamps.map(({ receipt_id }) => receipt_id));
    expect(ids).toEqual([first, first, first]);
  });

  it('answers them in the order of the stamps, null for those under which nothing was accepted', async () => {
    await open();
    const receipt = await receiptOf(opened, AUDIENCE);
    const stamps = [aStamp([]), { ...AUDIENCE, receipt }, aStamp(['audience', 'crm_join'])];
    const { receipts: told } = await send(
      opened,
      aBatch(
        stamps,
        [0, 1, 2].map((stamp) => anEvent({ stamp })),
      ),
    );
    expect(told).toEqual([null, null, expect.stringMatching(/^[\w-]{22}$/)]);
    expect(told?.[2]).not.toBe(receipt);
  });

  it('gives none where nothing is accepted, nor where a batch is only judged', async () => {
    const kept = receipts();
    await open({ consent: { receipts: kept } });
    expect(await send(opened, aBatch([AUDIENCE], [anEvent({ type: 'Bad Name' })]))).not.toHaveProperty('receipts');
    const body = JSON.stringify(aBatch([AUDIENCE], [anEvent()]));
    const headers = { 'content-type': 'application/json' };
    const judged = await opened.request('/v1/validate', { method: 'POST', headers, body });
    expect(await judged.json()).toMatchObject({ results: [{ status: 'accepted' }] });
    expect(kept.records()).toEqual([]);
  });

  it.each([
    ['made up', (receipt: string) => ({ ...AUDIENCE, receipt: `${receipt.slice(1)}A` }), 'consent_forged'],
    ['too short', () => ({ ...AUDIENCE, receipt: '' }), 'consent_forged'],
    ['of more purposes', (receipt: string) => ({ ...aStamp(['audience', 'crm_join']), receipt }), 'consent_forged'],
    [
      'of another date',
      (receipt: string) => ({ ...AUDIENCE, at: '2026-11-22T09:59:00.001Z', receipt }),
      'consent_forged',
    ],
    ['of another source', (receipt: string) => ({ ...AUDIENCE, source: 'tcf', receipt }), 'consent_forged'],
    [
      'of another policy',
      (receipt: string) => ({ ...AUDIENCE, policy: policyHash(DEFAULT_POLICY), receipt }),
      'consent_forged',
    ],
    [
      'of a policy that nobody published',
      (receipt: string) => ({ ...AUDIENCE, policy: 'x', receipt }),
      'policy_unknown',
    ],
    ['not text', () => ({ ...AUDIENCE, receipt: 7 }), 'consent_malformed'],
  ])('takes no receipt that is %s', async (_, stampWith, code) => {
    await open();
    const receipt = await receiptOf(opened, AUDIENCE);
    await send(opened, aBatch([{ ...AUDIENCE, receipt }], [anEvent()]));
    // Once for the memory of what stands, once without it.
    for (const collector of [opened, await openCollector(way, { now: () => RECEIVED_AT })]) {
      const { status, results } = await send(collector, aBatch([stampWith(receipt)], [anEvent()]));
      expect([status, results]).toEqual([200, [expect.objectContaining({ status: 'filtered', code })]]);
      if (collector !== opened) await collector.close();
    }
    expect(await stored()).toHaveLength(2);
  });

  it('takes no receipt of another visitor or site, and one of this visitor in an event of before', async () => {
    const sites = ['shop', 'other'].map((id) => ({ id, keys: ['pk_demo'], origins: ['https://shop.example'] }));
    await open({ sites });
    const receipt = await receiptOf(opened, AUDIENCE);
    const stamp = { ...AUDIENCE, receipt };
    // The collector remembers what it found to stand.
    expect((await send(opened, aBatch([stamp], [anEvent()]))).results).toMatchObject([{ status: 'accepted' }]);
    const asOther = { visitor_id: 'another' };
    const replayed = await send(opened, aBatch([stamp], [anEvent(asOther)], asOther));
    expect(replayed.results).toMatchObject([{ code: 'consent_forged' }]);
    const elsewhere = await send(opened, aBatch([stamp], [anEvent()], { site: 'other' }));
    expect(elsewhere.results).toMatchObject([{ code: 'consent_forged' }]);
    // The visitor was reset since: the batch has another id, the event that of the receipt.
    const ofBefore = await send(opened, aBatch([stamp], [anEvent()], asOther));
    expect(ofBefore.results).toMatchObject([{ status: 'accepted' }]);
    const fromNobody = await send(
      opened,
      aBatch([stamp], [anEvent({ visitor_id: undefined })], { visitor_id: undefined }),
    );
    expect(fromNobody.results).toMatchObject([{ code: 'consent_forged' }]);
  });

  it('is of the visitor that the cookie names, who then goes on under that id', async () => {
    await open();
    const first = await send(opened, aBatch([AUDIENCE], [anEvent()]));
    const cookie = first.cookies[0]?.split(';')[0] as string;
    const [asNew, later] = [{ visitor_id: 'visitor-new' }, aStamp(['audience'], { at: '2026-11-22T09:59:30.000Z' })];
    const told = await send(opened, aBatch([later], [anEvent(asNew)], asNew), { cookie });
    expect(told.visitor_id).toBe(VISITOR);
    const stamp = { ...later, receipt: told.receipts?.[0] };
    expect((await send(opened, aBatch([stamp], [anEvent()]), { cookie })).results).toMatchObject([
      { status: 'accepted' },
    ]);
    expect((await send(opened, aBatch([stamp], [anEvent()]))).results).toMatchObject([{ status: 'accepted' }]);
  });

  it('answers 503 where a receipt cannot be written, and the same batch again is taken once it can', async () => {
    const kept = receipts();
    let isBroken = true;
    const append: (typeof kept)['append'] = (receipt) =>
      isBroken ? Promise.reject(new LogError('unavailable', 'no space')) : kept.append(receipt);
    await open({ consent: { receipts: { append } } });
    const batch = aBatch([AUDIENCE], [anEvent()]);
    expect(await send(opened, batch)).toMatchObject({ status: 503, error: { code: 'store_unavailable' } });
    isBroken = false;
    const again = await send(opened, batch);
    expect(again.status).toBe(200);
    expect(again.receipts).toEqual([kept.records()[0]?.receipt_id]);
    expect(new Set((await stored()).map(({ event_id }) => event_id)).size).toBe(1);
  });

  it('takes a server at its word, gives it a receipt, and holds it to that of a visitor', async () => {
    const secretKeys = [`sk_${'s'.repeat(40)}`];
    await open({ sites: [{ id: 'shop', keys: ['pk_demo'], secretKeys, origins: ['https://shop.example'] }] });
    const asServer = (stamp: unknown, visitor_id?: string) =>
      opened
        .request('/v1/events', {
          method: 'POST',
          headers: { authorization: `Bearer ${secretKeys[0]}`, 'content-type': 'application/json' },
          body: JSON.stringify(aBatch([stamp], [anEvent({ visitor_id })], { key: undefined, visitor_id: undefined })),
        })
        .then((response) => response.json());
    const receipt = await receiptOf(opened, AUDIENCE);
    expect(await asServer(AUDIENCE, VISITOR)).toMatchObject({ results: [{ status: 'accepted' }], receipts: [receipt] });
    const ofNobody = await asServer(AUDIENCE);
    expect(ofNobody.receipts).toEqual([expect.stringMatching(/^[\w-]{22}$/)]);
    expect(ofNobody.receipts).not.toEqual([receipt]);
    const withReceipt = { ...AUDIENCE, receipt };
    expect(await asServer(withReceipt, VISITOR)).toMatchObject({ results: [{ status: 'accepted' }] });
    expect(await asServer(withReceipt, 'another')).toMatchObject({ results: [{ code: 'consent_forged' }] });
    expect(await asServer(withReceipt)).toMatchObject({ results: [{ status: 'accepted' }] });
  });
});
