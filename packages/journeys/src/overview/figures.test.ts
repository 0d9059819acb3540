import type { LogRecord } from '@parcours/store/log';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recentLines } from '../live/recent.ts';
import { openConsole, type TestConsole } from '../testing/open_console.ts';
import { lastEventsEver, overviewFigures } from './figures.ts';

const NOW = Date.parse('2026-11-22T10:30:30.000Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let console: TestConsole;
let segment = 0;

/** Puts one log record into the tables, as the loader does. */
async function load(record: Partial<LogRecord> & { readonly at: number }): Promise<void> {
  const { at, ...more } = record;
  const time = new Date(at).toISOString();
  const line = {
    v: 1,
    kind: 'batch',
    site: 'shop',
    source: 'web',
    received_at: time,
    sent_at: time,
    sdk: '1',
    client: { bot: false },
    stamps: [{ purposes: ['audience'], source: 'banner', at: time }],
    events: [],
    ...more,
  };
  const bytes = Buffer.from(JSON.stringify(line));
  segment += 1;
  await console.engine.load({ log: 'l', segment, endOffset: bytes.length, records: [bytes], offsets: [0] });
}
const events = (count: number, at: number) =>
  Array.from({ length: count }, () => ({
    event_id: crypto.randomUUID(),
    type: 'page_view',
    occurred_at: new Date(at).toISOString(),
    stamp: 0,
  }));

beforeAll(async () => {
  console = await openConsole();
  await load({ at: NOW - 5_000, events: events(2, NOW) });
  await load({ at: NOW - 10 * MINUTE_MS, events: events(3, NOW), site: 'outlet' });
  await load({ at: NOW - HOUR_MS + 1, events: events(4, NOW) });
  await load({ at: NOW - HOUR_MS - 1, events: events(5, NOW) });
  await load({ at: NOW - 25 * HOUR_MS, events: events(6, NOW), site: 'old' });
  await load({
    at: NOW - 2 * MINUTE_MS,
    filtered: [{ type: 'page_view', code: 'consent_denied', count: 7 }],
    failed: [{ type: 'search', stage: 'validate', code: 'invalid_field', path: 'p', message: 'm', item: '{}' }],
    dropped: [{ code: 'queue_full', count: 9 }],
  });
});
afterAll(() => console.close());

it('adds up every outcome by site, to the millisecond of the hour and the day', async () => {
  const { hour, day } = await overviewFigures(console.engine, NOW);
  const none = { accepted: 0, failed: 0, filtered: 0, dropped: 0 };
  expect(hour).toEqual([
    { ...none, site: 'outlet', accepted: 3 },
    { site: 'shop', accepted: 2 + 4, failed: 1, filtered: 7, dropped: 9 },
  ]);
  expect(day).toEqual([
    { ...none, site: 'outlet', accepted: 3 },
    { site: 'shop', accepted: 2 + 4 + 5, failed: 1, filtered: 7, dropped: 9 },
  ]);
});

it('tells the reasons of a day, the most frequent first', async () => {
  expect((await overviewFigures(console.engine, NOW)).reasons).toEqual([
    { outcome: 'dropped', code: 'queue_full', count: 9 },
    { outcome: 'filtered', code: 'consent_denied', count: 7 },
    { outcome: 'failed', code: 'invalid_field', count: 1 },
  ]);
});

it('counts sixty minutes up to now, the empty ones too', async () => {
  const { minutes } = await overviewFigures(console.engine, NOW);
  expect(minutes).toHaveLength(60);
  expect(new Date(minutes[59]?.at ?? 0).toISOString()).toBe('2026-11-22T10:30:00.000Z');
  expect(minutes.map(({ count }) => count).filter((count) => count > 0)).toEqual([3, 2]);
  expect([minutes[49]?.count, minutes[59]?.count]).toEqual([3, 2]);
});

it('knows the last event of every site, in the last day and ever', async () => {
  const ofTheDay = [
    ['outlet', NOW - 10 * MINUTE_MS],
    ['shop', NOW - 5_000],
  ] as const;
  expect((await overviewFigures(console.engine, NOW)).lastEvents).toEqual(new Map(ofTheDay));
  expect(await lastEventsEver(console.engine)).toEqual(new Map([...ofTheDay, ['old', NOW - 25 * HOUR_MS]]));
});

it('shows no newest event from before the day that is asked', async () => {
  const lines = await recentLines(console.engine, { limit: 100, since: NOW - HOUR_MS });
  expect(lines.map(({ site, decision }) => `${site} ${decision}`)).not.toContain('old accepted');
  expect(lines.at(-1)).toMatchObject({ site: 'shop', decision: 'accepted' });
});
