import type { BatchReply, ConsentStamp } from '@parcours/protocol';
import type { BatchRecord } from '@parcours/store/log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aBatch, anEvent, aStamp } from './testing/consent_batch.ts';
import { demoSite, type OpenedCollector, openCollector } from './testing/open_collector.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const NOW = Date.parse('2026-11-22T10:00:00.000Z');

const BACK: readonly (readonly [string, number])[] = [
  ['six minutes', 6 * MINUTE_MS],
  ['an hour', 60 * MINUTE_MS],
  ['two days', 2 * DAY_MS],
  ['a year', 365 * DAY_MS],
];

const at = (ms: number): string => new Date(ms).toISOString();

let opened: OpenedCollector;
/** By the collector's clock. */
let now: number;
beforeEach(async () => {
  now = NOW;
  opened = await openCollector('hono', { now: () => now });
});
afterEach(() => opened.close());

/** Sends one event, by the browser's clock. */
const send = async (stamp: ConsentStamp, sentAt: number, headers: Record<string, string> = {}) => {
  const response = await opened.request('/v1/events', {
    method: 'POST',
    headers: { 'content-type': 'text/plain', origin: demoSite.origins[0], ...headers },
    body: JSON.stringify(aBatch([stamp], [anEvent({ occurred_at: at(sentAt) })], { sent_at: at(sentAt) })),
  });
  const { results, receipts = [] } = (await response.json()) as BatchReply;
  return { ...results[0], receipt: receipts[0], cookie: response.headers.get('set-cookie')?.split(';')[0] };
};

describe.each(BACK)("the collector's clock is set back by %s", (_name, backMs) => {
  it('it takes what it took before, under the time that it believes', async () => {
    const first = await send(aStamp(['audience']), NOW);
    now -= backMs;
    const { cookie = '', receipt } = first;
    expect(await send(aStamp(['audience'], { receipt: `${receipt}` }), NOW + 1_000, { cookie })).toMatchObject({
      status: 'accepted',
    });
    expect(await send(aStamp(['audience']), NOW + 2_000)).toMatchObject({ status: 'accepted' });
    const records = (await opened.records()) as BatchRecord[];
    const times = records.flatMap(({ events }) =>
      events.map(({ occurred_at, client_occurred_at }) => [occurred_at, client_occurred_at]),
    );
    expect(times).toEqual([
      [at(NOW), undefined],
      [at(NOW - backMs), at(NOW + 1_000)],
      [at(NOW - backMs), at(NOW + 2_000)],
    ]);
  });
});

describe('the clock that dated the choice is set back', () => {
  /** A choice a minute before, then an event when the clock shows so much less. */
  const sendAfter = (backMs: number) => send(aStamp(['audience'], { at: at(NOW - MINUTE_MS) }), NOW - backMs);

  it('by less than a choice may lie ahead: all is taken', async () => {
    expect(await sendAfter(6 * MINUTE_MS)).toMatchObject({ status: 'accepted' });
  });

  it.each([
    ["the sender's alone", 0],
    ['of a machine that the collector is on too', 60 * MINUTE_MS],
  ])('by more, %s: the choice proves nothing until that clock has come to it again', async (_whose, alsoMs) => {
    now -= alsoMs;
    const [early, late] = [await sendAfter(60 * MINUTE_MS), await sendAfter(MINUTE_MS)];
    expect(early).toMatchObject({ status: 'filtered', code: 'consent_malformed' });
    expect(late).toMatchObject({ status: 'accepted' });
    const records = (await opened.records()) as BatchRecord[];
    expect(records.flatMap(({ events }) => events)).toHaveLength(1);
  });

  it('a choice that is stated anew by the clock as it is now counts at once', async () => {
    expect(await sendAfter(60 * MINUTE_MS)).toMatchObject({ status: 'filtered' });
    const anew = aStamp(['audience'], { at: at(NOW - 60 * MINUTE_MS) });
    expect(await send(anew, NOW - 60 * MINUTE_MS)).toMatchObject({ status: 'accepted' });
  });
});
