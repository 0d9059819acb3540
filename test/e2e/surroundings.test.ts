import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { NOTHING_STORED, openVisit, type Visit } from '../support/browser.ts';
import { ROOT } from '../support/child.ts';
import { type ServedPage, servePage } from '../support/page.ts';
import { type Program, startProgram } from '../support/program.ts';

let program: Program;
let visit: Visit;
let page: ServedPage;
let pixel: string;

/** A pixel as a shop platform runs it: no document of the shop, only what it is told of it. */
const PIXEL = `
  import { createTracker } from '@parcours/sdk/core';
  const state = { url: 'https://boutique.example/boots?utm_source=news', title: 'Boots' };
  const tracker = createTracker({ endpoint: COLLECTOR + '/v1/events', site: 'shop', key: 'pk_demo', page: () => state });
  globalThis.onmessage = ({ data }) => {
    if (data.place) tracker.page();
    if (data.consent) tracker.consent(data.consent);
    if (data.track) tracker.track(...data.track);
    if (data.go) Object.assign(state, { url: data.go, title: 'Cart' });
  };
`;

beforeAll(async () => {
  page = await servePage(() => '<!doctype html><title>Boutique</title><link rel="icon" href="data:,">');
  const shop = { id: 'shop', keys: ['pk_demo'], origins: [page.origin, 'null'] };
  program = await startProgram({ config: { sites: [shop] } });
  const { outputFiles } = await build({
    stdin: { contents: PIXEL, resolveDir: join(ROOT, 'test') },
    bundle: true,
    format: 'iife',
    write: false,
    define: { COLLECTOR: JSON.stringify(program.collector) },
  });
  pixel = outputFiles[0]!.text;
});
afterAll(async () => {
  await page?.stop();
  await program?.stop();
});
beforeEach(async () => {
  visit = await openVisit();
  await visit.page.goto(page.origin);
});
afterEach(async () => {
  await visit.close();
  expect(visit.faults).toEqual([]);
});

type Post = (message: object) => void;
type Opened = { post: Post };

const inWorker = (code: string): void => {
  const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
  (globalThis as unknown as Opened).post = (message) => worker.postMessage(message);
};

/** Without \`allow-same-origin\`: an origin of its own that nobody shares, where every storage throws. */
const inSandbox = async (code: string): Promise<void> => {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.srcdoc = `<script>${code}</script>`;
  await new Promise((resolve) => {
    frame.onload = resolve;
    document.documentElement.append(frame);
  });
  (globalThis as unknown as Opened).post = (message) => frame.contentWindow?.postMessage(message, '*');
};

test.each([
  ['a worker', inWorker],
  ['a sandboxed frame', inSandbox],
])('the core runs in %s: nothing before the grant, then what it was told', async (name, open) => {
  const at = `https://boutique.example/${name.replaceAll(' ', '-')}`;
  await visit.page.evaluate(open, pixel);
  const tell = (message: object): Promise<void> =>
    visit.page.evaluate((message) => (globalThis as unknown as Opened).post(message), message);

  await tell({ place: true });
  await tell({ track: ['search', { search_term: 'boots' }] });
  expect(visit.requestsTo('/v1/events')).toEqual([]);
  expect(await visit.stored()).toEqual(NOTHING_STORED);

  await tell({ consent: { audience: true, ads_measurement: true } });
  await tell({ go: at, place: false });
  await tell({ place: true });
  await tell({ track: ['fitting_booked', { in: name }] });
  const mine = `FROM events WHERE visitor_id = (SELECT visitor_id FROM events WHERE (props->>'in') = '${name}')`;
  const rows = await program.rowsWhen(
    `SELECT type, url, title, utm_source, visitor_id, session_id ${mine} ORDER BY occurred_at, seq`,
    (found) => found.length === 4,
  );
  expect(rows.map(({ type, url, title, utm_source }) => [type, url, title, utm_source])).toEqual([
    ['page_view', 'https://boutique.example/boots', 'Boots', 'news'],
    ['search', 'https://boutique.example/boots', null, null],
    ['page_view', at, 'Cart', null],
    ['fitting_booked', at, null, null],
  ]);
  expect(new Set(rows.map(({ session_id }) => session_id)).size).toBe(1);
});

test('a withdrawal erases what was only read, and what comes after a new grant arrives', async () => {
  await visit.page.evaluate(inWorker, pixel);
  const tell = (message: object): Promise<void> =>
    visit.page.evaluate((message) => (globalThis as unknown as Opened).post(message), message);
  const databases = async () => (await visit.stored()).databases;

  await tell({ consent: { audience: true } });
  await expect.poll(databases).toHaveLength(1);
  await tell({ consent: {} });
  await expect.poll(databases).toEqual([]);
  await tell({ consent: { audience: true } });
  await tell({ track: ['chosen_again', { mark: 'after' }] });
  await program.rowsWhen(`SELECT type FROM events WHERE type = 'chosen_again'`, (found) => found.length === 1);
});
