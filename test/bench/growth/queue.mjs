import { setTimeout as wait } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { chromiumArgs, findChromium } from '../../../scripts/chromium.mjs';
import { ScriptError } from '../../../scripts/step.mjs';
import { pagePath, startSite } from '../sdk/site.mjs';
import { openSubjects } from '../sdk/subjects.mjs';
import { inTurns } from './rounds.mjs';

/** Calls that are measured, each with the write of what it queued. */
const CALLS = 40;
const BETWEEN_MS = 25;

/**
 * What the main thread of a page pays for an event while so many wait to be sent, µs: the collector does not answer, all stays
 * queued, in memory and on disk.
 */
export async function growthOfQueue({ rounds, counts }) {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new ScriptError('No Chromium: run node scripts/chromium.mjs');
  const subjects = await openSubjects(['p.js'], { isDown: true });
  const site = await startSite(subjects);
  const browser = await chromium.launch({ executablePath, args: chromiumArgs() });
  try {
    // The first page of a browser pays for its caches.
    await costOfCalls(browser, site, 1);
    return await inTurns(rounds, counts, (count) => costOfCalls(browser, site, count));
  } finally {
    await browser.close();
    site.stop();
    for (const { recorder } of subjects) recorder.stop();
  }
}

async function costOfCalls(browser, site, queued) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
    const cpuUs = async () => {
      const { metrics } = await devtools.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'TaskDuration').value * 1e6;
    };
    await page.goto(site.origin + pagePath('p.js'));
    await call(page, { calls: queued, betweenMs: 1 });
    // The one try to send them is over, and the next is far away.
    await wait(3_000);
    const idle = await cpuUs();
    await call(page, { calls: 0, betweenMs: BETWEEN_MS, empty: CALLS });
    const before = await cpuUs();
    await call(page, { calls: CALLS, betweenMs: BETWEEN_MS });
    await wait(500);
    return ((await cpuUs()) - before - (before - idle)) / CALLS;
  } finally {
    await context.close();
  }
}

/** Calls the tracker again and again, each time in a task of its own; `empty` turns do all but that. */
const call = (page, turns) =>
  page.evaluate(async ({ calls, betweenMs, empty = 0 }) => {
    for (let n = 0; n < calls + empty; n++) {
      await new Promise((resolve) => setTimeout(resolve, betweenMs));
      if (n < calls) window.benchTrack({ template: 'product-list', position: n, price: 129.9 });
    }
  }, turns);
