import { afterAll, beforeAll, expect, test } from 'vitest';
import { NOTHING_STORED, openVisit, visitorOf } from '../support/browser.ts';
import { freePort } from '../support/free_port.ts';
import { type Program, startProgram } from '../support/program.ts';
import { type Site, startSite } from '../support/site.ts';
import '../support/window.ts';

let program: Program;
let site: Site;

beforeAll(async () => {
  const port = await freePort();
  program = await startProgram({ origins: [`http://localhost:${port}`] });
  site = await startSite({ port, collector: program.collector });
});
afterAll(async () => {
  await site?.close();
  await program?.stop();
});

test('a withdrawal in one tab empties the device and stops the other tab within a second', async () => {
  const visit = await openVisit();
  const { page, context } = visit;
  await page.goto(`${site.origin}/start`);
  const other = await context.newPage();
  await other.goto(`${site.origin}/other`);
  for (const tab of [page, other]) {
    await tab.waitForFunction(() => !Array.isArray((parcours as unknown as { q: unknown }).q));
    await tab.evaluate(() => parcours.consent({ audience: true }));
    await visitorOf(tab);
    await tab.evaluate(() => parcours.flush());
  }
  await page.evaluate(() => {
    parcours.consent({ audience: false });
  });
  await other.waitForFunction(() => parcours.visitorId() === undefined, undefined, { timeout: 1_000 });
  const sent = visit.requestsTo('/v1/events').length;
  await other.evaluate(async () => {
    parcours.track('after');
    await parcours.flush();
  });
  expect(visit.requestsTo('/v1/events')).toHaveLength(sent);
  // What tells the collector goes with its answer.
  await page.waitForFunction(() => localStorage.length === 0);
  const { cookies, ...storage } = await visit.stored();
  // The collector's own cookie is out of a script's reach; its removal comes with the receipt of the withdrawal.
  expect(cookies.filter((name) => name !== 'pc_shop')).toEqual([]);
  expect({ cookies: [], ...storage }).toEqual(NOTHING_STORED);
  await visit.close();
  expect(visit.faults).toEqual([]);
});
