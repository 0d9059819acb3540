import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { pagePath, START } from './site.mjs';

/** How much slower the page's main thread runs than this machine: about a phone of the middle class. */
export const THROTTLE = 4;
/** How long a page is watched from its load event: longer than any of the trackers waits to send. */
export const WATCH_MS = 5_000;
/** How many calls a burst has. */
export const CALLS = 1_000;
/** Idle: the main thread worked less than this in a second; it is not waited for longer than the cap. */
const IDLE_MS = 10;
const CAP_MS = 60_000;

/**
 * One visit to one page in a profile of its own: the load with its first page view, then a burst of calls.
 *
 * @typedef {object} Measured
 * @property {number} loadMs       CPU time of the main thread, from the navigation until 5 s after the load event
 * @property {number} blockingMs   of tasks of more than 50 ms in that time, what is over 50 ms
 * @property {number} heapBytes    of the JavaScript heap, after garbage collection
 * @property {number} minified     bytes of the scripts that the page loaded
 * @property {number} gzip
 * @property {number} brotli
 * @property {number} scripts      requests for these
 * @property {number} others       requests to the recorder that carried no event: configuration, policy
 * @property {number} posts        requests that carried events
 * @property {number} preflights
 * @property {number} bodyBytes    of the bodies of these posts
 * @property {number} [syncMs]     1,000 calls until the last returned, wall time
 * @property {number} [callsMs]    the same with their microtasks
 * @property {number} [totalMs]    CPU time of the main thread from the first call until it is idle
 * @property {number} [arrived]    of these, at the recorder within 5 s of the last call
 * @property {number} faults       uncaught errors and errors on the console
 */

/**
 * @param {import('playwright-core').Browser} browser
 * @param {{ origin: string, scripts: { name: string, file: string }[] }} site
 * @param {import('./subjects.mjs').Subject} subject
 * @returns {Promise<Measured>}
 */
export async function visit(browser, site, { name, kind, files, recorder }) {
  const context = await browser.newContext();
  let faults = 0;
  context.on('weberror', () => faults++);
  context.on('console', (message) => message.type() === 'error' && faults++);
  try {
    const page = await context.newPage();
    await page.addInitScript(() => {
      window.benchLongTasks = [];
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) window.benchLongTasks.push(duration);
      }).observe({ type: 'longtask' });
    });
    await page.goto(site.origin + START);
    const devtools = await context.newCDPSession(page);
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE });
    const cpuMs = async () => (await metric(devtools, 'TaskDuration')) * 1000;

    site.scripts.length = recorder.noted.length = 0;
    const before = await cpuMs();
    await page.goto(site.origin + pagePath(name));
    await wait(WATCH_MS);
    const loadMs = (await cpuMs()) - before;
    const longTasks = await page.evaluate(() => window.benchLongTasks);
    const noted = [...recorder.noted];
    const loaded = site.scripts.map(({ file }) => files.get(file));
    await devtools.send('HeapProfiler.collectGarbage');
    await devtools.send('HeapProfiler.collectGarbage');
    const posts = noted.filter(({ method, bytes, path }) => method === 'POST' && bytes > 0 && !isConfig(path));
    const preflights = noted.filter(({ method }) => method === 'OPTIONS').length;
    return {
      loadMs,
      blockingMs: sum(longTasks.map((ms) => Math.max(0, ms - 50))),
      heapBytes: await metric(devtools, 'JSHeapUsedSize'),
      minified: sum(loaded.map((script) => script.length)),
      gzip: sum(loaded.map((script) => gzipSync(script, { level: 9 }).length)),
      brotli: sum(loaded.map(brotliSize)),
      scripts: loaded.length,
      others: noted.length - posts.length - preflights,
      posts: posts.length,
      preflights,
      bodyBytes: sum(posts.map(({ bytes }) => bytes)),
      ...(kind === 'empty' ? {} : await burst(page, cpuMs, recorder)),
      faults,
    };
  } finally {
    await context.close();
  }
}

/** The calls in one task of the page, as a loop in a page's code would make them. */
async function burst(page, cpuMs, recorder) {
  const mark = randomBytes(6).toString('hex');
  const before = await cpuMs();
  const { syncMs, callsMs, calledAt } = await page.evaluate(callMany, { mark, calls: CALLS });
  const from = performance.now();
  let last = before;
  let busyAt = from;
  for (;;) {
    await wait(1_000);
    const now = await cpuMs();
    if (now - last > IDLE_MS) busyAt = performance.now();
    last = now;
    const isIdle = performance.now() - busyAt > 900;
    const passed = performance.now() - from;
    if ((isIdle && passed >= WATCH_MS) || passed > CAP_MS) break;
  }
  const marks = recorder.noted
    .filter(({ at }) => at - calledAt <= WATCH_MS)
    .flatMap(({ marks }) => marks.filter((one) => one.startsWith(`bench:${mark}:`)));
  return { syncMs, callsMs, totalMs: last - before, arrived: new Set(marks).size };
}

/** Runs in the page. A message that was posted before the calls comes when their microtasks are done. */
function callMany({ mark, calls }) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const started = performance.now();
    let syncMs = 0;
    let calledAt = 0;
    port1.onmessage = () => resolve({ syncMs, callsMs: performance.now() - started, calledAt });
    port2.postMessage(undefined);
    for (let n = 0; n < calls; n++)
      window.benchTrack({ mark: `bench:${mark}:${n}`, template: 'product-list', position: n, price: 129.9 });
    syncMs = performance.now() - started;
    calledAt = Date.now();
  });
}

/** What a tracker posts to learn its configuration. */
const isConfig = (path) => path.startsWith('/flags') || path.endsWith('/config');

async function metric(devtools, name) {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return metrics.find((one) => one.name === name).value;
}

const brotliSize = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
