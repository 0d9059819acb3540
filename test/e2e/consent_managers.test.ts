import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openVisit, type Visit } from '../support/browser.ts';
import { ROOT } from '../support/child.ts';
import { CONSENT_MANAGERS, type ManagedPage } from '../support/consent_managers.ts';
import { mainOrAll } from '../support/full.ts';
import { type Program, type Row, startProgram } from '../support/program.ts';
import '../support/window.ts';

type Report = readonly [
  signals: Readonly<Record<string, boolean>> | undefined,
  details?: { readonly at?: string | number },
];

const MANAGERS = mainOrAll(CONSENT_MANAGERS, { main: 1 });

let program: Program;
let server: Server;
let origin: string;
let visit: Visit;
let head = '';
let sources = '';
/** What the page must have complained about, and nothing else. */
let faults: RegExp[];

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { klaro } from './klaro.ts';
        import { tarteaucitron } from './tarteaucitron.ts';
        import { vanillaCookieconsent } from './vanilla_cookieconsent.ts';
        globalThis.reports = [];
        globalThis.startSource = (name) => {
          const life = new AbortController();
          ({ klaro, tarteaucitron, vanilla_cookieconsent: vanillaCookieconsent })[name]()
            .start((...told) => reports.push(told), life.signal);
          return () => life.abort();
        };`,
      resolveDir: join(ROOT, 'packages/sdk/src/consent/sources'),
    },
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
  });
  sources = outputFiles[0]?.text ?? '';
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    const [, isFile, file = ''] = /^(\/npm\/)([\w./-]+)$/.exec(pathname) ?? [];
    if (isFile && !file.includes('..')) {
      response.setHeader('content-type', file.endsWith('.css') ? 'text/css' : 'text/javascript; charset=utf-8');
      createReadStream(join(ROOT, 'node_modules', file))
        .on('error', () => response.writeHead(404).end())
        .pipe(response);
    } else {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(`<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Boots</title>
<link rel="icon" href="data:,">${head}</head><body><main><h1>Boots</h1></main></body></html>`);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  program = await startProgram({ origins: [origin] });
});
afterAll(async () => {
  await program?.stop();
  server?.close();
  server?.closeAllConnections();
});
beforeEach(async () => {
  faults = [];
  visit = await openVisit();
});
afterEach(async () => {
  await visit.close();
  expect(visit.faults).toEqual(faults.map((fault) => expect.stringMatching(fault)));
});

const reports = (): Promise<readonly Report[]> => visit.page.evaluate('reports');
const signals = async (): Promise<readonly Report[0][]> => (await reports()).map(([told]) => told);

describe.each(MANAGERS)('what $source really does, as its source tells it', (manager: ManagedPage) => {
  const [audience, ads] = manager.signals;
  const said = (isAudience: boolean, isAds: boolean) =>
    expect.objectContaining({ [audience]: isAudience, [ads]: isAds });
  const [yes, no, some] = [said(true, true), said(false, false), said(true, false)];
  const start = `stopSource = startSource('${manager.source}');`;

  const told = (...wanted: unknown[]): Promise<unknown> => expect.poll(signals).toEqual(wanted);

  beforeEach(async () => {
    head = `<script>${sources}; ${start}</script>${manager.head}`;
    await visit.page.goto(origin);
    await manager.asked(visit.page);
    await told(undefined);
  });

  test('a refusal, at once and whole, and as it stands on the next page', async () => {
    await manager.refuse(visit.page);
    await told(undefined, no);
    await visit.page.reload();
    await told(no);
  });

  test('an acceptance of now, and on the next page the same choice, of the same date where it is kept, with nothing shown', async () => {
    const before = Date.now();
    await manager.accept(visit.page);
    await told(undefined, yes);
    const [, chosen] = await reports();
    // Some managers keep whole seconds.
    expect(new Date(chosen?.[1]?.at ?? '').getTime()).toBeGreaterThan(before - 1_000);
    await visit.page.reload();
    await told(yes);
    const [again] = await reports();
    expect([again?.[0], again?.[1]?.at]).toEqual([chosen?.[0], manager.keepsDate ? chosen?.[1]?.at : undefined]);
  });

  test('a choice of one thing and not the other', async () => {
    await manager.choose(visit.page, true, false);
    await expect.poll(async () => (await signals()).at(-1)).toEqual(some);
    // Nor was the other granted on the way there.
    expect((await signals()).filter((one) => one?.[ads])).toEqual([]);
  });

  test('a change of mind, there and back', async () => {
    await manager.accept(visit.page);
    await told(undefined, yes);
    await manager.choose(visit.page, false, false);
    await expect.poll(async () => (await signals()).at(-1)).toEqual(no);
    await manager.choose(visit.page, true, true);
    await expect.poll(async () => (await signals()).at(-1)).toEqual(yes);
  });

  test('a stored choice, to a source that comes late; and nothing any more once it was stopped', async () => {
    await manager.accept(visit.page);
    await told(undefined, yes);
    head = `<script>${sources}</script>${manager.head}<script>addEventListener('load', () => setTimeout(() => { ${start} reported.resolve(); }, 1_500)); reported = Promise.withResolvers();</script>`;
    await visit.page.reload();
    await visit.page.evaluate('reported.promise');
    await told(yes);
    await visit.page.evaluate('stopSource()');
    await manager.choose(visit.page, false, false);
    expect(await signals()).toEqual([yes]);
  });

  test('one error where its script is blocked, and no grant', async () => {
    await visit.page.clock.install();
    await visit.page.route('**/npm/**', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
    await visit.page.goto(`${origin}/blocked`);
    faults.push(...(manager.source === 'klaro' ? [] : [/is not defined/]));
    await visit.page.clock.runFor(29_000);
    expect(visit.faults).toHaveLength(faults.length);
    faults.push(new RegExp(`\\[parcours\\] consent source ${manager.source}: .*has not answered in 30 s`));
    await visit.page.clock.runFor(60_000);
    expect(await reports()).toEqual([]);
  });
});

test('vanilla-cookieconsent asks again for a new revision: the stored choice is none', async () => {
  const [manager] = CONSENT_MANAGERS as [ManagedPage];
  head = `<script>${sources}; startSource('vanilla_cookieconsent');</script>${manager.head}`;
  await visit.page.goto(origin);
  await manager.accept(visit.page);
  await expect.poll(async () => (await reports()).at(-1)?.[1]).toMatchObject({ version: '1', language: 'fr' });
  await visit.page.goto(`${origin}/?revision=2`);
  await manager.asked(visit.page);
  expect(await signals()).toEqual([undefined]);
});

describe.each(MANAGERS)('a tracker that obeys $source', (manager: ManagedPage) => {
  const EVENTS = '/v1/events';

  /** What is stored besides the manager's own. */
  const stored = async (): Promise<readonly string[]> =>
    Object.values(await visit.stored())
      .flat()
      .filter((name: string) => !/^(cc_cookie|klaro|tarteaucitron)$/.test(name));

  const statusIs = (status: string): Promise<unknown> =>
    expect.poll(() => visit.page.evaluate(() => parcours.consent())).toBe(status);

  const isLoaded = (): Promise<unknown> =>
    visit.page.waitForFunction((name) => {
      const { visitorId, added } = (window.parcours ?? {}) as { visitorId?: unknown; added?: Record<string, true> };
      return typeof visitorId === 'function' && added?.[name];
    }, manager.addOn);

  const viewOf = async (path: string): Promise<Row | undefined> => {
    const select = `SELECT path, utm_source, purposes, consent_at, visitor_id FROM events
      WHERE consent_source = '${manager.source}' AND type = 'page_view' AND path = '${path}'`;
    return (await program.rowsWhen(select, (found) => found.length > 0))[0];
  };

  beforeEach(async () => {
    const tags = ['p.js', `p.${manager.script}.js`].map(
      (file) => `<script async src="${program.collector}/${file}" data-site="shop" data-key="pk_demo"></script>`,
    );
    head = tags.join('') + manager.head;
    await visit.page.goto(`${origin}/boots?utm_source=news`);
    await manager.asked(visit.page);
    await isLoaded();
  });

  test('stores and sends nothing before the choice, nor after a refusal, on this page and the next', async () => {
    const { page } = visit;
    await page.evaluate(() => parcours.track('tried'));
    await statusIs('pending');
    expect(await stored()).toEqual([]);
    await manager.refuse(page);
    await statusIs('denied');
    await page.evaluate(() => {
      parcours.track('tried');
      return parcours.flush();
    });
    await page.reload();
    await isLoaded();
    await statusIs('denied');
    await page.evaluate(() => {
      parcours.track('tried');
      return parcours.flush();
    });
    expect(await stored()).toEqual([]);
    expect(visit.requestsTo(EVENTS)).toEqual([]);
  });

  test('sends the landing once it is accepted, under that choice, and goes on with it on the next page', async () => {
    const { page } = visit;
    await manager.choose(page, true, false);
    await statusIs('granted');
    const landing = await viewOf('/boots');
    expect(landing).toMatchObject({ utm_source: null, purposes: ['audience'] });
    const left = Date.now();
    await page.goto(`${origin}/shoes`);
    await isLoaded();
    await statusIs('granted');
    const next = await viewOf('/shoes');
    expect(next?.visitor_id).toBe(landing?.visitor_id);
    // Where each thing is answered by itself, the choice is made with the last answer, and the landing went with the first.
    const [first, last] = [landing, next].map((view) => Date.parse(String(view?.consent_at)));
    expect(last).toBeGreaterThanOrEqual(first as number);
    expect(last).toBeLessThan(left);
  });

  test('forgets all when the choice is taken back in the manager, and sends no event any more', async () => {
    const { page } = visit;
    await manager.accept(page);
    await statusIs('granted');
    await page.evaluate(() => parcours.flush());
    expect(await stored()).not.toEqual([]);
    await manager.choose(page, false, false);
    await statusIs('denied');
    const before = visit.requestsTo(EVENTS).length;
    await page.evaluate(() => {
      parcours.track('tried');
      return parcours.flush();
    });
    await expect.poll(async () => (await stored()).filter((name) => !/^pc_.*withdrawn/.test(name))).toEqual([]);
    const later = visit.requestsTo(EVENTS).slice(before);
    expect(later.flatMap((request) => (request.postDataJSON() as { events?: unknown[] }).events ?? [])).toEqual([]);
  });
});
