import type { Page, Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { NOTHING_STORED, type Stored, type Visit, visitorOf } from '../support/browser.ts';
import { mainOrAll } from '../support/full.ts';
import { publishPolicy } from '../support/policy.ts';
import { runLines } from '../support/shell.ts';
import '../support/window.ts';
import { accept, refuse, startWalkedShop, toBoot, type WalkedShop, walkToOrder } from '../support/shop.ts';

/** How a visitor answers each of the shop's consent managers. */
interface Manager {
  readonly name: string;
  /** Name of the consent source on receipts. */
  readonly source: string;
  readonly accept: (page: Page) => Promise<unknown>;
  readonly refuse: (page: Page) => Promise<unknown>;
  /** From the first question to audience measurement and nothing else. */
  readonly acceptAudience: (page: Page) => Promise<unknown>;
  /** Opens the question again, by what is at the foot of every page. */
  readonly reopen: (page: Page) => Promise<unknown>;
  /** Refuses once the question is open again. */
  readonly refuseAgain: (page: Page) => Promise<unknown>;
  /** Cookies in which the manager keeps the choice by itself, beside what is named `shop_…`. */
  readonly cookies: readonly string[];
}

const reopen = (page: Page): Promise<unknown> => page.getByRole('button', { name: 'Change my choice' }).click();

/** Ticks what the shop's own banner offers by these names, and nothing else. */
const tick =
  (...labels: readonly string[]) =>
  async (page: Page): Promise<unknown> => {
    await page.locator('#consent-choose').click();
    for (const label of labels) await page.locator('#consent').getByLabel(label).check();
    return page.getByRole('button', { name: 'Save my choice' }).click();
  };

const MANAGERS: readonly Manager[] = [
  {
    name: 'own',
    source: 'manual',
    accept,
    refuse,
    acceptAudience: tick('Measure visits'),
    reopen,
    refuseAgain: refuse,
    cookies: [],
  },
  {
    name: 'vanilla-cookieconsent',
    source: 'vanilla_cookieconsent',
    accept: (page) => page.locator('.cm [data-role=all]').click(),
    refuse: (page) => page.locator('.cm [data-role=necessary]').click(),
    acceptAudience: async (page) => {
      await page.locator('.cm [data-role=show]').click();
      await page.getByRole('checkbox', { name: 'Measure visits' }).check({ force: true });
      await page.locator('.pm [data-role=save]').click();
    },
    reopen,
    refuseAgain: (page) => page.locator('.pm [data-role=necessary]').click(),
    cookies: ['cc_cookie'],
  },
  {
    name: 'tcf',
    source: 'tcf',
    accept,
    refuse,
    acceptAudience: tick('Store and/or access', 'Measure content', 'Understand audiences'),
    reopen,
    refuseAgain: refuse,
    cookies: [],
  },
];

describe.each(mainOrAll(MANAGERS, { main: 1 }))('the shop under $name', (manager) => {
  let shop: WalkedShop;
  let visit: Visit;

  beforeAll(async () => {
    shop = await startWalkedShop(manager.name);
    await publishPolicy('examples/shop/consent.policy.json', shop.program);
  });
  afterAll(() => shop?.stop());
  beforeEach(async () => {
    visit = await shop.visit();
  });
  afterEach(async () => {
    await visit.close();
    // The policy of the pages holds under every manager: what it blocks is a console error.
    expect(visit.faults).toEqual([]);
  });

  /** Requests to the collector, but for scripts. */
  const toCollector = (): readonly Request[] =>
    visit.requests.filter((request) => request.url().startsWith(shop.program.collector) && !isScript(request));

  const paths = (requests: readonly Request[]): readonly string[] =>
    requests.map((request) => new URL(request.url()).pathname);

  /** Until Parcours' script and the manager's source are at work. */
  const ready = (): Promise<unknown> =>
    visit.page.waitForFunction(() => !Array.isArray((parcours as unknown as { q: unknown }).q));

  const arrive = async (): Promise<void> => {
    const policy = visit.page.waitForResponse((response) => response.url().endsWith('/v1/policy/shop'));
    await visit.page.goto(`${shop.origin}/?utm_source=newsletter&utm_medium=email`);
    await ready();
    await policy;
  };

  /** The visitor's id, once there is one. */
  const granted = (): Promise<string> => visitorOf(visit.page);

  /** The page views of a visitor, once there are some. */
  const viewsOf = (visitor: string) =>
    shop.program.rowsWhen(
      `SELECT path, utm_source, list_sort(purposes) AS purposes FROM events
       WHERE visitor_id = '${visitor}' AND type = 'page_view' ORDER BY occurred_at, seq`,
      (found) => found.length > 0,
    );

  /** What is in the browser without what the manager keeps by itself. */
  const storedByParcours = async (): Promise<Stored> => {
    const stored = await visit.stored();
    return { ...stored, cookies: stored.cookies.filter((name) => !manager.cookies.includes(name)) };
  };

  /** Names of the web vitals that a page has sent so far. */
  const sentVitals = async (url: string): Promise<readonly string[]> => {
    await visit.page.evaluate(() => parcours.flush());
    return toCollector()
      .flatMap((request) => (request.postDataJSON() as { events?: SentEvent[] } | null)?.events ?? [])
      .flatMap(({ type, page, props }) => (type === 'web_vital' && page?.url === url ? [String(props?.name)] : []))
      .sort();
  };

  interface SentEvent {
    readonly type: string;
    readonly page?: { readonly url?: string };
    readonly props?: Readonly<Record<string, unknown>>;
  }

  interface Receipt {
    readonly action: string;
    readonly source?: string;
    readonly purposes?: readonly string[];
  }

  const receipts = async (): Promise<readonly Receipt[]> => {
    const { code, output } = await runLines('parcours receipts list --json', shop.program);
    if (code !== 0) throw new Error(output);
    return output.split('\n').flatMap((line) => (line ? [JSON.parse(line) as Receipt] : []));
  };

  test('before the choice: scripts and the policy, nothing else; nothing stored', async () => {
    await arrive();
    await toBoot(visit.page);
    await ready();
    expect(new Set(paths(toCollector()))).toEqual(new Set(['/v1/policy/shop']));
    expect(await visit.stored()).toEqual(NOTHING_STORED);
    expect(await visit.page.evaluate(() => parcours.consent())).toBe('pending');
  });

  test('a refusal leaves no request, nothing stored, no receipt, and is not asked again', async () => {
    const before = await receipts();
    await arrive();
    await manager.refuse(visit.page);
    await visit.page.waitForFunction(() => parcours.consent() === 'denied');
    await walkToOrder(visit.page);
    await ready();
    expect(new Set(paths(toCollector()))).toEqual(new Set(['/v1/policy/shop']));
    expect(await storedByParcours()).toEqual(NOTHING_STORED);
    expect(await visit.page.evaluate(() => parcours.consent())).toBe('denied');
    expect(await receipts()).toEqual(before);
  });

  test('a choice of audience alone keeps the view and not its campaign', async () => {
    await arrive();
    await manager.acceptAudience(visit.page);
    const [view] = await viewsOf(await granted());
    expect(view).toMatchObject({ path: '/', utm_source: null, purposes: ['audience'] });
    expect(visit.requestsTo('/v1/events').map((request) => request.postData())).not.toContain(
      expect.stringContaining('newsletter'),
    );
  });

  test('a grant releases the landing; a withdrawal is the next thing sent, and leaves nothing', async () => {
    const before = (await receipts()).length;
    const { page, context } = visit;
    await arrive();
    await manager.accept(page);
    const visitor = await granted();
    const [view] = await viewsOf(visitor);
    expect(view).toMatchObject({ path: '/', utm_source: 'newsletter' });
    expect(view?.purposes).toEqual(expect.arrayContaining(['ads_measurement', 'audience']));
    expect(await context.cookies(`${shop.program.collector}/v1/events`)).toContainEqual(
      expect.objectContaining({ name: 'pc_shop', httpOnly: true }),
    );
    expect(await storedByParcours()).not.toEqual(NOTHING_STORED);
    const [granting] = (await receipts()).slice(before);
    expect(granting).toMatchObject({ action: 'grant', source: manager.source });

    // A page of its own: nothing of the walk is on its way.
    await page.goto(`${shop.origin}/stores`);
    await granted();
    // What the browser tells of a load comes late; a key ends its search for the largest paint.
    await page.keyboard.press('Shift');
    await expect.poll(() => sentVitals(`${shop.origin}/stores`), { timeout: 10_000 }).toEqual(['FCP', 'LCP', 'TTFB']);
    const answered = page.waitForResponse((response) => /"withdrawn"/.test(response.request().postData() ?? ''));
    await manager.reopen(page);
    // The click that opened it is an event too.
    await page.evaluate(() => parcours.flush());
    const sent = toCollector().length;
    await manager.refuseAgain(page);
    expect((await answered).status()).toBe(200);
    const first = toCollector()
      .slice(sent)
      .find((request) => new URL(request.url()).pathname === '/v1/events');
    expect(first?.postDataJSON()).toMatchObject({ events: [], withdrawn: { at: expect.any(String) } });

    await expect.poll(storedByParcours).toEqual(NOTHING_STORED);
    expect(await page.evaluate(() => parcours.visitorId())).toBeUndefined();
    expect((await receipts()).slice(before).map(({ action }) => action)).toEqual(['grant', 'withdraw']);

    const after = visit.requestsTo('/v1/events').length;
    await toProducts();
    expect(visit.requestsTo('/v1/events')).toHaveLength(after);
    expect(await storedByParcours()).toEqual(NOTHING_STORED);
  });

  test('the debugger shows on the page what becomes of each event', async () => {
    await visit.page.goto(`${shop.origin}/?pc_debug`);
    await visit.page.getByText('Consent debugger').waitFor();
    expect(await visit.stored()).toEqual(NOTHING_STORED);
  });

  const toProducts = async (): Promise<void> => {
    await visit.page.goto(`${shop.origin}/products`);
    await ready();
    await visit.page.evaluate(() => parcours.flush());
  };
});

const isScript = (request: Request): boolean => request.resourceType() === 'script';
