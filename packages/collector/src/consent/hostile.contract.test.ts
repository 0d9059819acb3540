import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DEFAULT_RULES } from '@parcours/protocol';
import { RECEIVED_AT } from '@parcours/protocol/corpus';
import { createMemoryReceipts } from '@parcours/store/receipts';
import { afterEach, describe, expect, it } from 'vitest';
import { aBatch, anEvent, aStamp, send } from '../testing/consent_batch.ts';
import { type OpenedCollector, openCollector, type Way } from '../testing/open_collector.ts';
import { createGates } from './gates.ts';

/** What a stranger may send to cost much, to leave what is not his to leave, or to pass for somebody. */

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const heldBytes = (): number => {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};
const MB = 1024 * 1024;
/** A text of its own, of one piece. */
const longText = (n: number): string => Buffer.alloc(100_000, `${n} `).toString('latin1');

describe('memory', () => {
  const gate = createGates()({ ...DEFAULT_RULES, fields: { title: ['crm_join'] } }, new Set(['audience'] as const));

  it.each([
    ['types', (text: string) => void gate.refuses(text)],
    ['names of fields', (text: string) => void gate.keeps(`props.${text}`)],
    ['addresses', (text: string) => void gate.event(anEvent({ page: { url: `https://shop.example/?${text}` } }))],
  ])('no %s without end are remembered', (_, ask) => {
    const before = heldBytes();
    for (let n = 0; n < 1_000; n++) ask(longText(n));
    expect(heldBytes() - before).toBeLessThan(10 * MB);
  });
});

describe.each<Way>(['hono', 'node'])('hostile stamps, through %s', (way) => {
  let opened: OpenedCollector;
  const open = async (options: Parameters<typeof openCollector>[1] = {}): Promise<OpenedCollector> => {
    opened = await openCollector(way, { now: () => RECEIVED_AT, ...options });
    return opened;
  };
  afterEach(() => opened?.close());

  it('a date without end is none, whatever else stands in it', async () => {
    await open();
    const at = new Date(RECEIVED_AT - 60_000).toUTCString();
    const stamp = aStamp(['audience'], { at: `${at} (${'x'.repeat(200_000)})` });
    expect(Date.parse(stamp.at)).toBe(Date.parse(at));
    const events = Array.from({ length: 400 }, (_, n) => anEvent({ visitor_id: `v${n}` }));
    const { results } = await send(opened, aBatch([stamp], events));
    expect(new Set(results.map(({ code }) => code))).toEqual(new Set(['consent_malformed']));
  });

  it.each(['Sun, 22 Nov 2026 09:59:00 GMT', '2026-11-22', '2026-11-22T09:59:00', '2026'])(
    'a date that says no moment, or says it another way, is none: %s',
    async (at) => {
      await open();
      const { results } = await send(opened, aBatch([aStamp(['audience'], { at })], [anEvent()]));
      expect(results).toMatchObject([{ code: 'consent_malformed' }]);
    },
  );

  it('who names no visitor has a receipt that stands for his choice, and for no visitor', async () => {
    await open();
    const nobody = { visitor_id: undefined };
    const stamp = aStamp(['audience']);
    const first = await send(opened, aBatch([stamp], [anEvent(nobody)], nobody));
    const proven = { ...stamp, receipt: first.receipts?.[0] as string };
    expect((await send(opened, aBatch([proven], [anEvent(nobody)], nobody))).results).toMatchObject([
      { status: 'accepted' },
    ]);
    expect((await send(opened, aBatch([proven], [anEvent()]))).results).toMatchObject([{ code: 'consent_forged' }]);
  });

  it('a server that names no visitor stores nothing for a receipt that can be none', async () => {
    const secretKeys = [`sk_${'s'.repeat(40)}`];
    await open({ sites: [{ id: 'shop', keys: ['pk_demo'], secretKeys }] });
    const nobody = { visitor_id: undefined };
    const stamp = aStamp(['audience'], { receipt: 'marie.durand@example.com' });
    const response = await opened.request('/v1/events', {
      method: 'POST',
      headers: { authorization: `Bearer ${secretKeys[0]}`, 'content-type': 'application/json' },
      body: JSON.stringify(aBatch([stamp], [anEvent(nobody)], { ...nobody, key: undefined })),
    });
    expect(await response.json()).toMatchObject({ results: [{ code: 'consent_forged' }] });
    expect(JSON.stringify(await opened.records())).not.toContain('marie');
  });

  it('a proof holds nobody who is no part of it: what is no encoded text is scrubbed', async () => {
    const receipts = createMemoryReceipts();
    await open({ consent: { receipts } });
    const who = 'marie.durand@example.com';
    const stamp = aStamp(['audience'], { consent_string: `yes, says ${who}`, notice_hash: who, source_version: who });
    await send(opened, aBatch([stamp], [anEvent()]));
    const tc = 'CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA.YAAAAAAAAAAA~1YNN';
    await send(opened, aBatch([aStamp(['audience'], { source: 'tcf', consent_string: tc })], [anEvent()]));
    const [first, second] = receipts.records();
    expect(JSON.stringify(first)).not.toContain('marie');
    expect(first?.consent_string).toContain('yes, says');
    expect(second?.consent_string).toBe(tc);
  });

  it('a failed event keeps no field that is closed, where it should not be either', async () => {
    await open();
    const misplaced = { utm_source: 'news', click_id: 'gclid', title: 'Boots' };
    await send(opened, aBatch([aStamp(['audience'])], [{ ...anEvent({ type: 'Bad Name' }), ...misplaced }]));
    const [failed] = (await opened.records()).flatMap((record) => record.failed ?? []);
    expect(JSON.parse(failed?.item ?? '{}')).toMatchObject({ title: 'Boots' });
    expect(failed?.item).not.toMatch(/utm_source|click_id/);
  });
});
