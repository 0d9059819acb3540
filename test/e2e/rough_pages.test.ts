import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openVisit, type Visit, visitorOf } from '../support/browser.ts';
import { freePort } from '../support/free_port.ts';
import { type Program, startProgram } from '../support/program.ts';
import { type Site, startSite } from '../support/site.ts';
import '../support/window.ts';

let program: Program;
let visit: Visit;
let origin: string;
let port: number;
let site: Site | undefined;

beforeAll(async () => {
  port = await freePort();
  origin = `http://localhost:${port}`;
  program = await startProgram({ origins: [origin] });
});
afterAll(async () => {
  await program?.stop();
});
beforeEach(async () => {
  visit = await openVisit();
});
afterEach(async () => {
  await visit.close();
  await site?.close();
  expect(visit.faults).toEqual([]);
});

/** Opens a page whose own script runs before `p.js` does. */
async function open(code: string, script?: string): Promise<void> {
  site = await startSite({ port, collector: program.collector, code, ...(script && { script }) });
  await visit.page.goto(`${origin}/start`);
}

/** Types of this visit as stored, in order; `end` is tracked last. */
async function types(): Promise<unknown[]> {
  await visit.page.evaluate(() => parcours.track('end'));
  const visitor = await visitorOf(visit.page);
  const rows = await program.rowsWhen(
    `SELECT type FROM events WHERE visitor_id = '${visitor}' ORDER BY occurred_at, seq`,
    (found) => found.some(({ type }) => type === 'end'),
  );
  return rows.map(({ type }) => type);
}

const loaded = (): Promise<unknown> => visitorOf(visit.page);

test('a blocked script leaves every method of the stub safe', async () => {
  await visit.context.route('**/p.js', (route) =>
    route.fulfill({ status: 200, contentType: 'text/javascript', body: '' }),
  );
  await open('');
  const answers = await visit.page.evaluate(async () => {
    const { q, ...methods } = parcours as typeof parcours & { q: unknown[] };
    for (const method of Object.values(methods)) (method as (...args: unknown[]) => unknown)('x', {});
    parcours.onDrop(() => {})();
    await parcours.flush();
    return { methods: Object.keys(methods).sort(), waiting: q.length };
  });
  expect(answers.methods).toEqual(
    ['consent', 'flush', 'identify', 'observe', 'onDrop', 'page', 'reset', 'stop', 'track', 'visitorId'].sort(),
  );
  expect(answers.waiting).toBeGreaterThan(answers.methods.length);
});

test('history patched by others, before us and after us, counts each page once', async () => {
  const patch = `for (const method of ['pushState', 'replaceState']) {
    const before = history[method];
    history[method] = function (...args) { window.passed = (window.passed ?? 0) + 1; return before.apply(this, args); };
  }`;
  await open(`${patch} parcours.consent({ audience: true });`);
  await loaded();
  await visit.page.evaluate(
    `${patch} history.pushState(null, '', '/a'); parcours.stop; history.replaceState(null, '', '/b');`,
  );
  expect(await visit.page.evaluate('passed')).toBe(4);
  expect(await types()).toEqual(['page_view', 'page_view', 'page_view', 'end']);
});

test('frozen prototypes hinder nothing', async () => {
  await open(`for (const type of [Object, Array, Function, String, Map, Promise, Event, EventTarget, Storage, Date])
      Object.freeze(type.prototype);
    parcours.consent({ audience: true });`);
  await loaded();
  await visit.page.evaluate(() => history.pushState(null, '', '/a'));
  await visit.page.click('a[href="/b"]');
  await visit.page.waitForURL('**/b');
  await loaded();
  expect(await types()).toEqual(['page_view', 'page_view', 'click', 'page_view', 'end']);
});

test('properties that cannot be sent are drops with a reason, and cost no neighbour', async () => {
  await open('parcours.consent({ audience: true });');
  await loaded();
  const drops = await visit.page.evaluate(() => {
    const drops: string[] = [];
    parcours.onDrop(({ code }) => drops.push(code));
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const touchy = {
      get price() {
        throw new Error('theirs');
      },
    };
    for (const props of [circle, { big: 1n }, touchy, { text: 'x'.repeat(40_000) }]) {
      parcours.track('bad', props as Record<string, unknown>);
      parcours.track('good');
    }
    return drops;
  });
  expect(drops).toEqual(['not_serialisable', 'not_serialisable', 'not_serialisable', 'too_large']);
  expect(await types()).toEqual(['page_view', 'good', 'good', 'good', 'good', 'end']);
});

test('of ten thousand calls in a loop none is lost unsaid', async () => {
  await open('parcours.consent({ audience: true });');
  await loaded();
  const { dropped, visitor } = await visit.page.evaluate(async () => {
    let dropped = 0;
    parcours.onDrop(({ count }) => {
      dropped += count;
    });
    for (let n = 0; n < 10_000; n++) parcours.track('loop', { n });
    await parcours.flush();
    parcours.track('end');
    return { dropped, visitor: parcours.visitorId() };
  });
  const [row] = await program.rowsWhen(
    `SELECT count(*)::INT AS stored, count(DISTINCT event_id)::INT AS kinds, count(*) FILTER (type = 'end')::INT AS ended
     FROM events WHERE visitor_id = '${visitor}'`,
    ([found]) => found?.ended === 1 && Number(found.stored) >= 5_000,
  );
  expect(row?.stored).toBe(row?.kinds);
  // With the page view and the end.
  expect(Number(row?.stored) + dropped).toBe(10_002);
});

test('a frame that is taken out of the page takes nothing with it', async () => {
  await open('parcours.consent({ audience: true });');
  await loaded();
  await visit.page.evaluate(async () => {
    const frame = document.createElement('iframe');
    frame.src = '/in-frame';
    await new Promise((resolve) => {
      frame.onload = resolve;
      document.body.append(frame);
    });
    const inner = frame.contentWindow as Window & typeof globalThis;
    const { track } = inner.parcours;
    frame.remove();
    track('from_nowhere');
    parcours.track('after');
  });
  const seen = await types();
  expect(seen).toContain('after');
  expect(seen.at(-1)).toBe('end');
});

test('a tracker made for nobody says what is missing, and the page goes on', async () => {
  site = await startSite({ port, collector: program.collector, code: '', attributes: 'data-site=""' });
  const said: string[] = [];
  visit.page.on('console', (message) => said.push(message.text()));
  await visit.page.goto(`${origin}/start`);
  await visit.page.waitForFunction(() => !Array.isArray((parcours as unknown as { q: unknown }).q));
  await visit.page.evaluate(() => parcours.track('a'));
  expect(said).toEqual([]);
});
