import type { Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { NOTHING_STORED, openVisit, type Visit, visitorOf } from '../support/browser.ts';
import { freePort } from '../support/free_port.ts';
import { type Program, startProgram } from '../support/program.ts';
import { type Site, startSite } from '../support/site.ts';
import { deviceUses, watchDevice } from '../support/watch_device.ts';
import '../support/window.ts';

/** As long as the page is watched, ms by its own clock, all of whose timers fire. */
const SILENCE_MS = 60_000;

/** Scripts that a page may carry: the tracker alone, and with every observer. */
const SCRIPTS = ['p.js', 'p.full.js'] as const;

let program: Program;
let sites: readonly Site[];
let visit: Visit;

beforeAll(async () => {
  const ports = await Promise.all(SCRIPTS.map(() => freePort()));
  const origins = ports.map((port) => `http://localhost:${port}`);
  program = await startProgram({ origins });
  const { collector } = program;
  sites = await Promise.all(
    SCRIPTS.map((script, index) =>
      startSite({ port: ports[index] as number, collector, script: `${collector}/${script}` }),
    ),
  );
});
afterAll(async () => {
  for (const site of sites ?? []) await site.close();
  await program?.stop();
});
beforeEach(async () => {
  visit = await openVisit();
});
afterEach(async () => {
  await visit.close();
  expect(visit.faults).toEqual([]);
});

/** Method and path of each request of a list, the icon of the page aside, which is part of it. */
const toldBy = (requests: readonly Request[]): readonly string[] =>
  requests
    .filter((request) => !request.url().startsWith('data:'))
    .map((request) => `${request.method()} ${new URL(request.url()).pathname}`);

test.each(SCRIPTS.map((script, index) => [script, index] as const))(
  'for a minute before a choice %s keeps nothing, reads nothing, and asks for nothing but itself and the policy',
  async (script, index) => {
    const { page, context } = visit;
    const { origin } = sites[index] as Site;
    await watchDevice(context);
    await page.clock.install({ time: new Date('2026-11-22T10:00:00Z') });

    for (const visited of ['/start?utm_source=news&gclid=1', '/next']) {
      const before = visit.requests.length;
      await page.goto(origin + visited);
      await page.waitForFunction(() => !Array.isArray((parcours as unknown as { q: unknown }).q));
      await page.evaluate(() => {
        parcours.consent(undefined);
        parcours.identify('C-1');
        for (let n = 0; n < 100; n++) parcours.track('tried', { n, text: 'x'.repeat(1_000) });
        parcours.reset();
        history.pushState(null, '', '/step');
        document.querySelector('h1')?.click();
        window.dispatchEvent(new Event('online'));
        document.dispatchEvent(new Event('visibilitychange'));
        window.dispatchEvent(new PageTransitionEvent('pagehide'));
        window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
        void parcours.flush();
      });
      await page.mouse.move(50, 50);
      await page.mouse.wheel(0, 400);
      await page.keyboard.press('Tab');
      await page.clock.runFor(SILENCE_MS);
      expect(await page.evaluate(() => [parcours.consent(), parcours.visitorId()])).toEqual(['pending', undefined]);
      expect(await deviceUses(page)).toEqual([]);
      expect(await visit.stored()).toEqual(NOTHING_STORED);
      const asked = visit.requests.slice(before);
      expect(toldBy(asked)).toEqual([`GET ${visited.replace(/\?.*/, '')}`, `GET /${script}`, 'GET /v1/policy/shop']);
    }
    const rows = await program.query('SELECT count(*) AS rows FROM events');
    expect(rows).toEqual([{ rows: 0 }]);
  },
);

test('a page that was left before a choice has left nothing: the next one begins with its own view', async () => {
  const { page } = visit;
  const { origin } = sites[0] as Site;
  await page.goto(`${origin}/start?utm_source=left-behind`);
  await page.waitForFunction(() => !Array.isArray((parcours as unknown as { q: unknown }).q));
  await page.evaluate(() => parcours.track('left'));
  await page.goto(`${origin}/next`);
  await page.waitForFunction(() => !Array.isArray((parcours as unknown as { q: unknown }).q));
  await page.evaluate(() => parcours.consent({ audience: true, ads_measurement: true }));
  const visitor = await visitorOf(page);
  const rows = await program.rowsWhen(
    `SELECT type, path, utm_source FROM events WHERE visitor_id = '${visitor}'`,
    (found) => found.length > 0,
  );
  expect(rows).toEqual([{ type: 'page_view', path: '/next', utm_source: null }]);
});
