import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePolicy } from '@parcours/protocol/policy';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { NOTHING_STORED, openVisit, type Visit, visitorOf } from '../support/browser.ts';
import { ROOT, startChild } from '../support/child.ts';
import { readGuide } from '../support/guide.ts';
import { publishPolicy } from '../support/policy.ts';
import { type Program, startProgram } from '../support/program.ts';
import { commandFolder, runShell } from '../support/shell.ts';
import '../support/window.ts';
import { type ManagedSite, startManagedSite } from './managed_site.ts';
import { NPM_MANAGERS } from './npm_managers.ts';
import { type GuidedManager, PLAYED_MANAGERS } from './played_managers.ts';

const GUIDE = readGuide('docs/consent.md');
const FRENCH = readGuide('docs/consent.fr.md');

/** Blocks of one line for a manager, by the test below: 'tcf', 'vanilla', 'klaro', 'tarteaucitron', 'consent-mode',
 * 'didomi', 'axeptio', 'onetrust', 'cookiebot', 'sirdata', 'shopify', 'gpp'. */
const MANAGERS: readonly GuidedManager[] = [...NPM_MANAGERS, ...PLAYED_MANAGERS];

let folder: string;
let program: Program;
let site: ManagedSite;
let visit: Visit;

beforeAll(async () => {
  [folder, site] = await Promise.all([mkdtemp(join(tmpdir(), 'parcours-consent-')), startManagedSite()]);
  const shop = { id: 'shop', keys: ['pk_demo'], origins: [site.origin] };
  program = await startProgram({ config: { sites: [{ ...shop, rightsFromPages: ['erase'] }] } });
});
afterAll(async () => {
  await program?.stop();
  await site?.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  visit = await openVisit();
});
afterEach(async () => {
  await visit.close();
  expect(visit.faults).toEqual([]);
});

/** A block with this run's collector. */
const block = (name: string): string => GUIDE.block(name).replaceAll('https://collect.shop.example', program.collector);

/** Runs a block of commands in the folder with the policy; what it prints. */
async function run(name: string): Promise<string> {
  const { code, stdout, stderr } = await runShell(GUIDE.block(name), { cwd: folder, env: { DATA: program.data } });
  expect([name, code, stderr]).toEqual([name, 0, '']);
  return stdout;
}

const writePolicy = (name: string): Promise<void> =>
  writeFile(join(folder, 'consent.policy.json'), `${GUIDE.block(name)}\n`);

describe('the French guide', () => {
  test('has the same blocks, in the same order', () => {
    const told = (guide: typeof GUIDE) => guide.blocks.map(({ name, text }) => [name, text]);
    expect(told(FRENCH)).toEqual(told(GUIDE));
  });

  test('has the same sections, and tables of the same size', async () => {
    const shape = async (path: string) =>
      (await readFile(join(ROOT, path), 'utf8')).match(/^(#+|\|)/gm)?.map((mark) => mark);
    expect(await shape('docs/consent.fr.md')).toEqual(await shape('docs/consent.md'));
  });
});

describe('from nothing to a policy in force', () => {
  test('it is begun, checked, published and shown', async () => {
    expect(await run('init')).toContain('consent.policy.json');
    expect(await run('check')).toContain('no fault');
    await writePolicy('policy');
    expect(await run('check')).toContain('policy 1.0.0');
    const [, hash] = (await run('publish')).match(/Policy 1\.0\.0 \(([\w-]{22})\) is in force/) ?? [];
    await expect
      .poll(async () => (await (await fetch(`${program.collector}/v1/policy/shop`)).json()).hash, { timeout: 10_000 })
      .toBe(hash);
  });
});

test('a policy that names recipients has no fault', () => {
  expect(parsePolicy(JSON.parse(GUIDE.block('recipients')))).toMatchObject({
    policy: { rules: { recipients: [{}, { purposes: ['ads_measurement'] }] } },
  });
});

test('a link leads to the page on which a visitor stops, in the language of the browser', async () => {
  site.serve(block('snippet') + block('rights'));
  const { page } = visit;
  await page.goto(`${site.origin}/rights`);
  await page.getByRole('link', { name: 'Vos données' }).click();
  await page.getByRole('button', { name: 'Stop measuring me' }).click();
  await page.getByRole('status').getByText('your objection is noted').waitFor();
});

test('a page of the shop erases what is held of its visitor, by its block', async () => {
  site.serve(block('snippet') + block('manual') + block('own-rights'));
  const { page } = visit;
  await page.goto(`${site.origin}/own-rights`);
  await visitorOf(page);
  await page.evaluate(() => parcours.flush());
  await page.getByRole('button', { name: 'Erase my data' }).click();
  await page.getByText(/^Erased\. The journal forgets it by \d{4}-\d\d-\d\d\.$/).waitFor();
  await expect.poll(visit.stored).toEqual(NOTHING_STORED);
});

describe.each(MANAGERS)('$source by its block', (manager) => {
  const script = (): string => block('snippet') + block(manager.block) + manager.head;

  test('nothing before the choice, all of it after a grant, also on the next page, and nothing after a withdrawal', async () => {
    site.serve(manager.source === 'tarteaucitron' ? block('snippet') + manager.head + block(manager.block) : script());
    const { page } = visit;
    await page.goto(`${site.origin}/${manager.source}?utm_source=letter`);
    await manager.asked(page);
    await page.waitForFunction(() => !Array.isArray((parcours as unknown as { q: unknown }).q));
    expect(await page.evaluate(() => parcours.consent())).toBe('pending');
    expect(visit.requestsTo('/v1/events')).toEqual([]);
    const { cookies, ...storage } = await visit.stored();
    expect(cookies.filter((name) => !manager.cookies.includes(name))).toEqual([]);
    expect({ ...storage, cookies: [] }).toEqual(NOTHING_STORED);

    await manager.accept(page);
    await visitorOf(page);
    await page.goto(`${site.origin}/${manager.source}/next`);
    const visitor = await visitorOf(page);
    const rows = await program.rowsWhen(
      `select path, utm_source, list_contains(purposes, 'audience') as audience from events
       where visitor_id = '${visitor}' and type = 'page_view' order by occurred_at`,
      (found) => found.length >= 2,
    );
    expect(rows).toMatchObject([
      { path: `/${manager.source}`, audience: true },
      { path: `/${manager.source}/next`, audience: true },
    ]);

    const told = page.waitForRequest((request) => /"withdrawn"/.test(request.postData() ?? ''));
    await manager.withdraw(page);
    await told;
    await page.waitForFunction(() => parcours.visitorId() === undefined);
    const sent = visit.requestsTo('/v1/events').length;
    await page.evaluate(async () => {
      parcours.track('after');
      await parcours.flush();
    });
    expect(visit.requestsTo('/v1/events')).toHaveLength(sent);
  });
});

describe('a banner of the page', () => {
  test('grants by its block, and withdraws by its block', async () => {
    site.serve(block('snippet') + block('manual'));
    const { page } = visit;
    await page.goto(`${site.origin}/manual`);
    await visitorOf(page);
    site.serve(block('snippet') + block('withdraw'));
    const told = page.waitForRequest((request) => /"withdrawn"/.test(request.postData() ?? ''));
    await page.goto(`${site.origin}/manual/withdrawn`);
    await told;
    await expect.poll(visit.stored).toEqual(NOTHING_STORED);
  });
});

describe('beside a manager', () => {
  const didomi = PLAYED_MANAGERS.find(({ source }) => source === 'didomi') as GuidedManager;

  test('Google’s tags are told: denied first, then one update for each decision', async () => {
    site.serve(block('consent-mode-out') + block('snippet') + block('didomi') + didomi.head);
    const { page } = visit;
    await page.goto(`${site.origin}/out`);
    const told = (): Promise<unknown> =>
      page.evaluate(() =>
        (globalThis as unknown as { dataLayer: ArrayLike<unknown>[] }).dataLayer
          .map((entry) => Array.from(entry) as [string, string, Record<string, string>])
          .filter(([command]) => command === 'consent')
          .map(([, kind, { ad_storage, analytics_storage }]) => [kind, ad_storage, analytics_storage]),
      );
    expect(await told()).toEqual([['default', 'denied', 'denied']]);
    await didomi.accept(page);
    await expect.poll(told).toEqual([
      ['default', 'denied', 'denied'],
      ['update', 'granted', 'granted'],
    ]);
    await didomi.withdraw(page);
    await expect.poll(told).toEqual([
      ['default', 'denied', 'denied'],
      ['update', 'granted', 'granted'],
      ['update', 'denied', 'denied'],
    ]);
  });

  test('the debugger shows what becomes of each event, and stores nothing', async () => {
    site.serve(block('snippet') + block('didomi') + block('debugger') + didomi.head);
    await visit.page.goto(`${site.origin}/?pc_debug`);
    await visit.page
      .getByText(/^(Consent debugger|Débogueur du consentement)/)
      .first()
      .waitFor();
    expect(await visit.stored()).toEqual(NOTHING_STORED);
  });
});

test('the source is an import as well', async () => {
  const { outputFiles } = await build({
    stdin: { contents: block('npm'), resolveDir: join(ROOT, 'test'), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'app',
    target: 'es2022',
  });
  const tcf = NPM_MANAGERS.find(({ source }) => source === 'tcf') as GuidedManager;
  site.serve(`${tcf.head}<script>${outputFiles[0]?.text}</script>`);
  const { page } = visit;
  await page.goto(`${site.origin}/npm`);
  await tcf.asked(page);
  await tcf.accept(page);
  await page.waitForFunction('app.parcours.visitorId()');
});

describe('proof', () => {
  test('the tail shows the decision on each event', async () => {
    const child = startChild('sh', ['-c', GUIDE.block('tail')], {
      env: { DATA: program.data, PATH: `${commandFolder()}:${process.env.PATH}` },
    });
    site.serve(block('snippet') + block('manual'));
    await visit.page.goto(`${site.origin}/tailed`);
    await child.saw(/page_view.*/);
    await child.stop();
  });

  test('receipts are listed, verified and exported', async () => {
    const output = await run('receipts');
    expect(output).toContain('withdraw');
  });
});

describe('retention', () => {
  test('has run by itself, and tells what would go', async () => {
    const output = await run('retention');
    expect(output).toMatch(/^Last run \S+, under policy /m);
    expect(output).toContain('0 rows would go. Nothing was changed.');
  });
});

describe('a change', () => {
  test('signals under the site’s own names grant what they are mapped to, and nothing else does', async () => {
    await writePolicy('vanilla-policy');
    expect(await run('check')).toContain('policy 1.1.0');
    await publishPolicy(join(folder, 'consent.policy.json'), program);
    const served = await (await fetch(`${program.collector}/v1/policy/shop`)).json();
    expect(served.sources).toEqual({
      vanilla_cookieconsent: { audience: ['statistiques'], ads_measurement: ['publicite'], crm_join: ['fidelite'] },
    });
  });

  test('is seen before it is published', async () => {
    await writePolicy('change');
    const output = await run('diff');
    expect(output).toMatch(/choice_days.*182.*90/s);
    expect(output).toMatch(/Policy 2\.0\.0 .*is in force/);
  });
});

describe('without consent', () => {
  /** Of a policy's block, by what browsers get. */
  async function publish(name: string): Promise<Record<string, unknown>> {
    await writePolicy(name);
    expect(await run('check')).toContain('no fault');
    await publishPolicy(join(folder, 'consent.policy.json'), program);
    return (await (await fetch(`${program.collector}/v1/policy/shop`)).json()) as Record<string, unknown>;
  }
  const sent = () => visit.requestsTo('/v1/events');

  test('is measured before the choice by its blocks, with nothing on the device; an objection ends it, on later pages too', async () => {
    expect(await publish('exempt-policy')).toMatchObject({ before_choice: 'drop', exempt: {} });
    site.serve(block('snippet') + block('exempt') + block('object'));
    const { page } = visit;
    const told = page.waitForResponse((response) => response.url().endsWith('/v1/events'));
    await page.goto(`${site.origin}/exempt/boots?utm_source=letter`);
    const { results } = (await (await told).json()) as { results: { status: string }[] };
    // The view, and web vitals as far as there are any.
    expect(results.length).toBeGreaterThan(0);
    expect(results.filter(({ status }) => status !== 'accepted')).toEqual([]);
    const bodies = sent().map((request) => request.postData() ?? '');
    expect(bodies.join()).toContain('/exempt/boots');
    expect(bodies.join()).not.toMatch(/utm_source|letter|visitor_id|session_id/);
    expect(await visit.stored()).toEqual(NOTHING_STORED);
    const objected = page.waitForResponse((response) => response.url().endsWith('/v1/events'));
    await page.getByRole('button', { name: 'Object' }).click();
    await objected;
    await expect.poll(async () => (await visit.stored()).localStorage).toEqual(['pc_objection_shop']);
    const before = sent().length;
    await page.goto(`${site.origin}/exempt/tents`);
    await page.waitForFunction(() => !Array.isArray((parcours as unknown as { q: unknown }).q));
    // Whatever waited would be sent as the page is left.
    await page.goto(`${site.origin}/exempt/away`);
    await page.waitForFunction(() => !Array.isArray((parcours as unknown as { q: unknown }).q));
    expect(sent()).toHaveLength(before);
  });

  test('what comes out is counts, and nobody reads a row', async () => {
    await run('exempt-counts');
    expect(await readFile(join(folder, 'exempt.csv'), 'utf8')).toMatch(/^"?site"?,/);
    await expect(program.query('SELECT * FROM exempt')).rejects.toThrow('there is no table "exempt"');
  });

  test('fourteen criteria are shown, and none is broken', async () => {
    const lines = (await run('cnil')).trim().split('\n');
    expect(lines.filter((line) => line.startsWith('ok '))).toHaveLength(14);
    expect(lines.filter((line) => line.startsWith('yours '))).toHaveLength(2);
  });

  test('visitors of a day are counted where the policy says so', async () => {
    await publish('cookieless-policy');
    expect(await run('cnil')).toContain('policy: counts visitors of a day');
  });
});
