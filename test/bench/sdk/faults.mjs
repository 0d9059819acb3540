import { setTimeout as wait } from 'node:timers/promises';
import { pagePath, START } from './site.mjs';

/** Events of one visit. */
export const EVENTS = 20;
/** So long after the fault is over is waited for what has not come. */
const LIMIT_MS = 30_000;
/** A second copy would come soon after the first. */
const COPIES_MS = 500;
/** From the load of a page until it has told that it was viewed, and is idle. */
const SETTLING_MS = 2_000;
/** What a server that refuses says of when to come back, seconds. */
export const RETRY_AFTER = 2;

/**
 * What happens to a page, its network or the server while events are tracked.
 *
 * @typedef {object} Fault
 * @property {string} title
 * @property {number} [goalMs]  of Parcours, from the moment when all could arrive: design, section 8
 * @property {(visit: Visit) => Promise<number>} run  ends the fault and gives the moment from which on all could arrive, ms since the epoch
 *
 * @typedef {object} Visit
 * @property {import('playwright-core').BrowserContext} context
 * @property {import('playwright-core').Page} page    shows the subject
 * @property {import('./subjects.mjs').Subject['recorder']} recorder
 * @property {() => Promise<void>} send               tracks the events, each in a task of its own
 * @property {(end: 'close' | 'follow') => Promise<unknown>} sendAndLeave  tracks them all in one task, at whose end the page closes, or a link
 *   to another page of the same site is clicked
 * @property {() => Promise<unknown>} visitAgain
 */

/** @type {Readonly<Record<string, Fault>>} */
export const FAULTS = {
  none: {
    title: 'nothing goes wrong',
    async run({ send }) {
      await send();
      return Date.now();
    },
  },
  link: {
    title: 'a link is followed in the same task',
    async run({ sendAndLeave }) {
      await sendAndLeave('follow');
      return Date.now();
    },
  },
  closed: {
    title: 'the page is closed in the same task, and visited again 2 s later',
    async run({ sendAndLeave, visitAgain }) {
      await sendAndLeave('close');
      const closedAt = Date.now();
      await wait(2_000);
      await visitAgain();
      return closedAt;
    },
  },
  offline: {
    title: 'offline for 5 s',
    goalMs: 300,
    async run({ context, send }) {
      await context.setOffline(true);
      await send();
      await wait(5_000);
      await context.setOffline(false);
      return Date.now();
    },
  },
  refused: {
    title: `503 for 10 s, to come back after ${RETRY_AFTER} s`,
    goalMs: RETRY_AFTER * 1_000 + 1_000,
    async run({ recorder, send }) {
      recorder.refuse(RETRY_AFTER);
      await send();
      await wait(10_000);
      recorder.refuse(undefined);
      return Date.now();
    },
  },
  reloaded: {
    title: 'the server is gone for 5 s, then the page is reloaded',
    goalMs: 400,
    async run({ recorder, page, send }) {
      await recorder.close();
      await send();
      await wait(5_000);
      await recorder.open();
      await page.reload();
      // From the load event on: a page is not to be hurried.
      return Date.now();
    },
  },
};

/**
 * One visit of one subject, with a fault.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {{ origin: string }} site
 * @param {import('./subjects.mjs').Subject} subject
 * @param {Fault} fault
 * @param {string} mark  of its events, like no other's
 * @returns {Promise<{ arrived: number, copies: number, ms: number }>} `ms`: until the last of those that arrived, 0 where it came before all
 *   could; NaN where none did
 */
export async function visitWithFault(browser, site, { name, recorder }, fault, mark) {
  const context = await browser.newContext();
  try {
    const address = site.origin + pagePath(name);
    const start = await context.newPage();
    await start.goto(site.origin + START);
    // Opened by a script, so that a script may close it.
    const [page] = await Promise.all([context.waitForEvent('page'), start.evaluate((url) => void open(url), address)]);
    await page.waitForLoadState('load');
    await wait(SETTLING_MS);
    recorder.noted.length = 0;
    const since = await fault.run({
      context,
      page,
      recorder,
      send: () => page.evaluate(sendEach, { mark, events: EVENTS }),
      // The page may be gone before it has answered.
      sendAndLeave: (end) => page.evaluate(sendAtOnce, { mark, events: EVENTS, end }).catch(() => undefined),
      visitAgain: () => start.goto(address),
    });
    return await arrivals(recorder, mark, since);
  } finally {
    await recorder.open();
    recorder.refuse(undefined);
    await context.close();
  }
}

async function arrivals({ noted }, mark, since) {
  const first = new Map();
  let copies = 0;
  let seen = 0;
  const look = () => {
    for (; seen < noted.length; seen++) {
      for (const one of noted[seen].marks.filter((one) => one.startsWith(`bench:${mark}:`))) {
        if (first.has(one)) copies++;
        else first.set(one, noted[seen].at);
      }
    }
  };
  while (first.size < EVENTS && Date.now() < since + LIMIT_MS) {
    await wait(20);
    look();
  }
  await wait(COPIES_MS);
  look();
  return {
    arrived: first.size,
    copies,
    ms: first.size === 0 ? Number.NaN : Math.max(0, ...[...first.values()].map((at) => at - since)),
  };
}

/** Runs in the page. */
async function sendEach({ mark, events }) {
  for (let n = 0; n < events; n++) {
    window.benchTrack({ mark: `bench:${mark}:${n}`, template: 'product-list', position: n, price: 129.9 });
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Runs in the page. */
function sendAtOnce({ mark, events, end }) {
  for (let n = 0; n < events; n++)
    window.benchTrack({ mark: `bench:${mark}:${n}`, template: 'product-list', position: n, price: 129.9 });
  if (end === 'close') return window.close();
  const link = document.createElement('a');
  link.href = `${location.pathname}?next`;
  document.body.append(link);
  link.click();
}
