import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { tcString } from '../../packages/sdk/src/consent/sources/testing/tc_data.ts';
import { NOTHING_STORED, openVisit, type Visit } from '../support/browser.ts';
import { ROOT } from '../support/child.ts';
import { type ServedPage, servePage } from '../support/page.ts';

type Signals = Readonly<Record<string, boolean>> | undefined;
type Report = readonly [signals: Signals, details?: Readonly<Record<string, unknown>>];

let page: ServedPage;
let visit: Visit;
let code = '';

/** IAB's own stub and CMP APIs beside the sources, in one script. */
const CODE = `
  import stub from '@iabtechlabtcf/stub';
  import { CmpApi } from '@iabtechlabtcf/cmpapi';
  import { CmpApi as GppApi } from '@iabgpp/cmpapi';
  import { tcf } from './packages/sdk/src/consent/sources/tcf.ts';
  import { gpp } from './packages/sdk/src/consent/sources/gpp.ts';
  import { consentMode } from './packages/sdk/src/consent/sources/consent_mode.ts';
  import { consentModeOut } from './packages/sdk/src/consent/consent_mode_out.ts';
  const reports = [];
  const life = new AbortController();
  const start = (source) => source.start((...told) => reports.push(told), life.signal);
  Object.assign(globalThis, { stub, CmpApi, GppApi, tcf, gpp, consentMode, consentModeOut, reports, start, life });`;

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: { contents: CODE, resolveDir: ROOT },
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    logLevel: 'silent',
  });
  code = outputFiles[0]?.text.replaceAll('</script', '<\\/script') ?? '';
  page = await servePage(
    () => `<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Boots</title>
<link rel="icon" href="data:,"><script>${code}</script></head><body><main><h1>Boots</h1></main></body></html>`,
  );
});
afterAll(async () => {
  await page?.stop();
});
beforeEach(async () => {
  visit = await openVisit();
  await visit.page.goto(page.origin);
});
afterEach(async () => {
  const stored = await visit.stored();
  await visit.close();
  expect(stored).toEqual(NOTHING_STORED);
  expect(visit.faults).toEqual([]);
});

const run = (script: string): Promise<unknown> => visit.page.evaluate(script);
const reports = (): Promise<readonly Report[]> => visit.page.evaluate('reports');

test('of TCF, with the stub first: open while the manager is shown, then the choice, and each change', async () => {
  await run('stub(); start(tcf())');
  expect(await reports()).toEqual([]);
  await run(`globalThis.cmp = new CmpApi(7, 2, true); cmp.update('', true)`);
  expect(await reports()).toEqual([[undefined, undefined]]);
  await run(`cmp.update('${tcString(5)}', false)`);
  await run(`cmp.update('${tcString(5)}', true)`);
  await run(`cmp.update('${tcString(5)}', false)`);
  const [, choice, open, again] = await reports();
  expect(choice?.[0]).toMatchObject({
    'purpose.1': true,
    'publisher.9': true,
    'publisher.11': false,
    'custom.1': false,
  });
  expect(choice?.[1]).toMatchObject({ string: tcString(5), language: 'en' });
  expect([open?.[0], again]).toEqual([undefined, choice]);
  await run(`life.abort(); cmp.update('${tcString(5)}', true)`);
  expect(await reports()).toHaveLength(4);
});

test.each([4, 5])('of TCF, policy %i, as a vendor: disclosed and consented to, or nothing', async (policy) => {
  await run(`stub(); start(tcf({ vendorId: 755 })); start(tcf({ vendorId: 8 }))`);
  await run(`new CmpApi(7, 2, true).update('${tcString(policy)}', false)`);
  const [ours, others] = await reports();
  expect(ours?.[0]).toMatchObject({ vendor: true, 'publisher.9': true });
  // The day that the string has.
  expect(ours?.[1]).toMatchObject({ at: Date.parse('2026-10-01T00:00:00Z') });
  expect(Object.values(others?.[0] ?? { none: true })).not.toContain(true);
});

test('of TCF, where the GDPR does not apply: no consent', async () => {
  await run('stub(); start(tcf()); new CmpApi(7, 2, true).update(null)');
  expect((await reports()).map(([signals]) => signals)).toEqual([{}]);
});

test('of GPP: what is ready and applies here', async () => {
  await run(
    `start(gpp()); globalThis.cmp = new GppApi(7, 2); cmp.setCmpStatus('loaded'); cmp.setSupportedAPIs(['7:usnat'])`,
  );
  await visit.page.waitForFunction('reports.length === 1');
  await run(`cmp.setApplicableSections([7]); cmp.setFieldValue('usnat', 'SaleOptOut', 2);
    cmp.setFieldValue('usnat', 'SharingOptOut', 1); cmp.setSignalStatus('ready')`);
  const [open, choice] = await reports();
  expect(open?.[0]).toBeUndefined();
  expect(choice?.[0]).toMatchObject({ 'usnat.SaleOptOut': true, 'usnat.SharingOptOut': false });
});

/** The snippet of Google's tags, with what Tag Manager does to the list: a \`push\` of its own, later. */
const GTAG = `globalThis.dataLayer ??= []; globalThis.gtag = function () { dataLayer.push(arguments); };`;

test('Consent Mode in: an update is the choice, once, before and after Tag Manager has taken the list', async () => {
  await run(`${GTAG} gtag('consent', 'default', { analytics_storage: 'granted', ad_storage: 'denied', wait_for_update: 500 });
    gtag('js', new Date()); start(consentMode())`);
  await run(`const push = dataLayer.push; dataLayer.push = function (...all) { return push.apply(this, all); };
    for (let n = 0; n < 2; n++) gtag('consent', 'update', { analytics_storage: 'granted' })`);
  await run(`gtag('consent', 'update', { analytics_storage: 'denied' })`);
  expect((await reports()).map(([signals]) => signals)).toEqual([
    undefined,
    { ad_storage: false, analytics_storage: true },
    { ad_storage: false, analytics_storage: false },
  ]);
});

test('Consent Mode out: denied before any tag, one update for each decision, ids never in links', async () => {
  await run(`globalThis.observer = consentModeOut(); ${GTAG} gtag('js', new Date());
    const base = { step: 'state', held: [], queued: [] };
    observer({ trace: (tell) => {
      tell({ ...base, status: 'pending' });
      const choice = { purposes: ['audience', 'ads_measurement'], source: 'tcf', at: new Date().toISOString() };
      for (let n = 0; n < 3; n++) tell({ ...base, status: 'granted', choice });
      tell({ ...base, status: 'denied' });
    } })`);
  const told = (await visit.page.evaluate(
    `dataLayer.map((entry) => [Object.prototype.toString.call(entry), ...Array.from(entry)])`,
  )) as readonly (readonly [string, string, string, Readonly<Record<string, string>> & boolean])[];
  expect(new Set(told.map(([kind]) => kind))).toEqual(new Set(['[object Arguments]']));
  expect(told.map(([, command, what]) => `${command} ${command === 'js' ? '' : what}`.trim())).toEqual([
    'consent default',
    'set ads_data_redaction',
    'js',
    'consent update',
    'set ads_data_redaction',
    'consent update',
    'set ads_data_redaction',
  ]);
  expect(told.filter(([, , what]) => what === 'update').map(([, , , signals]) => signals.ad_storage)).toEqual([
    'granted',
    'denied',
  ]);
  expect(new Set(Object.values(told[0]![3]).map(String))).toEqual(new Set(['denied', '500']));
  expect(JSON.stringify(told)).not.toContain('url_passthrough');
});
