import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, openDuckDb } from '@parcours/store';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { funnel, funnelOptions } from './funnel.ts';

interface Seen {
  readonly visitor: string;
  readonly type: string;
  /** Minutes after the start of the test's day. */
  readonly minute: number;
  readonly order?: string;
}

const HOUR_MS = 3_600_000;
/** Within the last seven days, whenever the test runs. */
const start = Date.now() - 48 * HOUR_MS;

let folder: string;
let engine: Engine;
let segment = 1;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-funnel-'));
  engine = await openDuckDb({ path: join(folder, 'p.duckdb'), folder });
});
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

async function load(
  events: readonly (Omit<Seen, 'visitor'> & Partial<Seen>)[],
  { bot = false, site = 'shop', source = 'web' } = {},
): Promise<void> {
  const record = Buffer.from(
    JSON.stringify({
      v: 1,
      kind: 'batch',
      site,
      source,
      received_at: new Date(start).toISOString(),
      sent_at: new Date(start).toISOString(),
      sdk: 'test',
      client: { bot },
      stamps: [{ purposes: ['audience'], source: 'manual', at: new Date(start).toISOString() }],
      events: events.map(({ visitor, type, minute, order }) => ({
        event_id: randomUUID(),
        type,
        occurred_at: new Date(start + minute * 60_000).toISOString(),
        stamp: 0,
        visitor_id: visitor,
        order_id: order,
      })),
    }),
  );
  await engine.load({ log: site, segment: segment++, endOffset: record.byteLength, records: [record], offsets: [0] });
}

/** Every single visitor, which no report tells: for the counting itself. */
const ask = (steps: string[], more: object = {}, reportK = 1) =>
  funnel(engine, funnelOptions.parse({ steps, ...more }), reportK);
const counts = async (steps: string[], more: object = {}) =>
  (await ask(steps, more)).steps.map(({ visitors }) => visitors ?? 0);

describe('funnel', () => {
  it('counts visitors in order, with rates and times', async () => {
    await load([
      { visitor: 'a', type: 'view_item', minute: 0 },
      { visitor: 'a', type: 'page_view', minute: 1 },
      { visitor: 'a', type: 'add_to_cart', minute: 2 },
      { visitor: 'a', type: 'purchase', minute: 10 },
      { visitor: 'b', type: 'view_item', minute: 0 },
      { visitor: 'b', type: 'add_to_cart', minute: 6 },
      { visitor: 'c', type: 'add_to_cart', minute: 0 },
      { visitor: 'c', type: 'view_item', minute: 5 },
    ]);
    expect((await ask(['view_item', 'add_to_cart', 'purchase'])).steps).toEqual([
      { step: 'view_item', visitors: 3, stepRate: null, overallRate: 1, medianMs: null, p90Ms: null },
      { step: 'add_to_cart', visitors: 2, stepRate: 2 / 3, overallRate: 2 / 3, medianMs: 240_000, p90Ms: 336_000 },
      { step: 'purchase', visitors: 1, stepRate: 1 / 2, overallRate: 1 / 3, medianMs: 600_000, p90Ms: 600_000 },
    ]);
  });

  it('takes the window to the minute, from the first step, and begins anew with its repeat', async () => {
    await load([
      { visitor: 'edge', type: 'view_item', minute: 0 },
      { visitor: 'edge', type: 'purchase', minute: 60 },
      { visitor: 'late', type: 'view_item', minute: 0 },
      { visitor: 'late', type: 'purchase', minute: 61 },
      { visitor: 'again', type: 'view_item', minute: 0 },
      { visitor: 'again', type: 'view_item', minute: 30 },
      { visitor: 'again', type: 'purchase', minute: 80 },
    ]);
    expect(await counts(['view_item', 'purchase'], { windowHours: 1 })).toEqual([3, 2]);
  });

  it('wants a step twice where it stands twice', async () => {
    await load([
      { visitor: 'once', type: 'view_item', minute: 0 },
      { visitor: 'twice', type: 'view_item', minute: 0 },
      { visitor: 'twice', type: 'view_item', minute: 1 },
    ]);
    expect(await counts(['view_item', 'view_item'])).toEqual([2, 1]);
  });

  it('counts an order once, whoever told it and however often', async () => {
    await load([
      { visitor: 'a', type: 'begin_checkout', minute: 0 },
      { visitor: 'a', type: 'purchase', minute: 1, order: 'W-1' },
      { visitor: 'a', type: 'purchase', minute: 9, order: 'W-1' },
      { visitor: 'b', type: 'begin_checkout', minute: 0 },
      { visitor: 'b', type: 'purchase', minute: 1, order: 'W-2' },
      { visitor: 'b', type: 'purchase', minute: 2, order: 'W-3' },
    ]);
    const told = [
      { type: 'purchase', minute: 2, order: 'W-1' },
      { type: 'purchase', minute: 3, order: 'W-1', visitor: 'a' },
    ];
    await load(told, { source: 'server' });
    expect(await counts(['begin_checkout', 'purchase'])).toEqual([2, 2]);
    expect(await counts(['purchase', 'purchase'])).toEqual([2, 1]);
  });

  it('finds the visitor of an order that only the server told, on its own site', async () => {
    await load([
      { visitor: 'linked', type: 'begin_checkout', minute: 0, order: 'W-1' },
      { visitor: 'passed', type: 'begin_checkout', minute: 0 },
      { visitor: 'nobody', type: 'begin_checkout', minute: 0 },
    ]);
    const told = [
      { type: 'purchase', minute: 5, order: 'W-1' },
      { type: 'purchase', minute: 5, order: 'W-2', visitor: 'passed' },
      { type: 'purchase', minute: 5, order: 'W-3' },
    ];
    await load(told, { source: 'server' });
    expect(await counts(['begin_checkout', 'purchase'])).toEqual([3, 2]);
    await load(told.slice(0, 1), { source: 'server', site: 'other' });
    expect(await counts(['purchase', 'purchase'])).toEqual([2, 0]);
    expect(await counts(['begin_checkout', 'purchase'], { site: 'other' })).toEqual([0, 0]);
  });

  it('leaves bots, other sites and other days out, and has an answer for nothing', async () => {
    expect((await ask(['view_item', 'purchase'])).steps[1]).toMatchObject({
      visitors: null,
      stepRate: null,
      overallRate: null,
    });
    await load([{ visitor: 'bot', type: 'view_item', minute: 0 }], { bot: true });
    await load([{ visitor: 'a', type: 'view_item', minute: 0 }], { site: 'other' });
    expect(await counts(['view_item', 'purchase'], { site: 'shop' })).toEqual([0, 0]);
    expect(await counts(['view_item', 'purchase'])).toEqual([1, 0]);
    expect(await counts(['view_item', 'purchase'], { days: 1 })).toEqual([0, 0]);
  });

  it('agrees with a walk over every visitor by hand', async () => {
    const seen = fc.record({
      visitor: fc.constantFrom('a', 'b', 'c'),
      type: fc.constantFrom('one', 'two', 'three', 'other'),
      minute: fc.integer({ min: 0, max: 180 }),
    });
    // Distinct minutes a visitor: events of the same moment are ordered by ids, which the walk does not know.
    const visits = fc.uniqueArray(seen, { maxLength: 40, selector: ({ visitor, minute }) => `${visitor} ${minute}` });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        visits,
        fc.constantFrom<string[]>(['one', 'two', 'three'], ['one', 'one', 'two']),
        async (events, steps) => {
          const site = `run-${run++}`;
          if (events.length > 0) await load(events, { site });
          expect(await counts(steps, { site, windowHours: 1 })).toEqual(byHand(events, steps, 60));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('groups that are too small', () => {
  /** So many who look, the first of whom put something into the cart. */
  const walk = (looking: number, buying: number, more: object = {}) =>
    load(
      Array.from({ length: looking }, (_, index) => [
        { visitor: `v-${index}`, type: 'view_item', minute: 0 },
        ...(index < buying ? [{ visitor: `v-${index}`, type: 'add_to_cart', minute: 1 }] : []),
      ]).flat(),
      more,
    );
  const told = async (reportK?: number) =>
    (await funnel(engine, funnelOptions.parse({ steps: ['view_item', 'add_to_cart'] }), reportK)).steps;

  it.each([1, 5, 9])('of %i are not told, nor their times and rates', async (buying) => {
    await walk(40, buying);
    expect(await told()).toEqual([
      { step: 'view_item', visitors: 40, stepRate: null, overallRate: 1, medianMs: null, p90Ms: null },
      { step: 'add_to_cart', visitors: null, stepRate: null, overallRate: null, medianMs: null, p90Ms: null },
    ]);
  });

  it.each([1, 4, 9])('of %i are not the difference of two steps', async (between) => {
    await walk(40 + between, 40);
    const [looking, buying] = (await told()).map(({ visitors }) => visitors ?? 0);
    expect([0, 10]).toContain((looking ?? 0) - (buying ?? 0));
    expect((await told())[1]?.overallRate).toBe((buying ?? 0) / (looking ?? 0));
  });

  it.each([1, 4, 9])('of %i are not the difference of two sites or periods', async (extra) => {
    await walk(30, 20);
    const before = (await told())[0]?.visitors ?? 0;
    await walk(extra, 0, { site: 'other' });
    const after = (await told())[0]?.visitors ?? 0;
    expect([0, 10]).toContain(after - before);
    expect(await ask(['view_item', 'add_to_cart'], { site: 'other' }, 10)).toMatchObject({
      steps: [{ visitors: null }, { visitors: null }],
    });
  });

  it('are as small as the policy says', async () => {
    await walk(17, 6);
    expect((await told(5)).map(({ visitors }) => visitors)).toEqual([15, 5]);
    expect((await told(20)).map(({ visitors }) => visitors)).toEqual([null, null]);
  });
});

/** Every start of every visitor, each followed greedily to its end: slow and plain. */
function byHand(events: readonly Seen[], steps: readonly string[], windowMinutes: number): number[] {
  const best = new Map<string, number>();
  for (const visitor of new Set(events.map((event) => event.visitor))) {
    const mine = events.filter((event) => event.visitor === visitor).sort((a, b) => a.minute - b.minute);
    mine.forEach((first, index) => {
      if (first.type !== steps[0]) return;
      let level = 1;
      for (const event of mine.slice(index + 1)) {
        if (event.minute - first.minute <= windowMinutes && event.type === steps[level]) level++;
      }
      best.set(visitor, Math.max(best.get(visitor) ?? 0, level));
    });
  }
  return steps.map((_, index) => [...best.values()].filter((level) => level > index).length);
}

it.each([
  [{ steps: ['purchase'] }, 'steps'],
  [{ steps: ["a'; DROP TABLE events; --", 'b'] }, 'steps'],
  [{ steps: ['a', 'b'], days: 0 }, 'days'],
  [{ steps: ['a', 'b'], windowHours: -1 }, 'windowHours'],
  [{ steps: ['a', 'b'], site: "x' OR 1" }, 'site'],
  [{ steps: ['a', 'b'], limit: 3 }, 'limit'],
])('refuses %j, and says where', (options, field) => {
  const { error } = funnelOptions.safeParse(options);
  expect(JSON.stringify(error?.issues)).toContain(field);
});
