import { text } from 'node:stream/consumers';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessibilityFaults } from '../support/axe.ts';
import { anEvent, postEvents } from '../support/batch.ts';
import { openVisit, type Visit, visitorOf } from '../support/browser.ts';
import { outputOf } from '../support/command.ts';
import { tabThrough } from '../support/keyboard.ts';
import { publishPolicy } from '../support/policy.ts';
import { accept, startWalkedShop, type WalkedShop } from '../support/shop.ts';
import '../support/window.ts';

let shop: WalkedShop;

beforeAll(async () => {
  shop = await startWalkedShop();
  await publishPolicy('examples/shop/consent.policy.json', shop.program);
});
afterAll(() => shop?.stop());

const pageOfRights = (): string => `${shop.program.collector}/v1/rights/shop`;

/** Somebody whom the collector knows and whose visit is in the tables. */
async function visited(): Promise<{ readonly visit: Visit; readonly visitor: string }> {
  const visit = await shop.visit();
  await visit.page.goto(shop.origin);
  await visit.page.waitForFunction(() => !Array.isArray((parcours as unknown as { q: unknown }).q));
  await accept(visit.page);
  const visitor = await visitorOf(visit.page);
  await visit.page.evaluate(() => parcours.flush());
  await rowsOf(visitor, (count) => count > 0);
  return { visit, visitor };
}

const rowsOf = async (visitor: string, isEnough: (count: number) => boolean): Promise<number> => {
  const [row] = await shop.program.rowsWhen(
    `SELECT count(*)::INTEGER AS n FROM events WHERE visitor_id = '${visitor}' OR client_visitor_id = '${visitor}'`,
    (found) => isEnough(Number(found[0]?.n)),
  );
  return Number(row?.n);
};

const WAYS = [
  {
    lang: 'fr',
    colorScheme: 'light',
    width: 1280,
    stop: 'Ne plus me mesurer',
    take: 'Télécharger mes données',
    erase: 'Effacer mes données…',
    confirm: 'Effacer définitivement',
    done: 'C’est fait',
  },
  {
    lang: 'en',
    colorScheme: 'dark',
    width: 360,
    stop: 'Stop measuring me',
    take: 'Download my data',
    erase: 'Erase my data…',
    confirm: 'Erase for good',
    done: 'Done',
  },
] as const;

describe.each(WAYS)('without a script, in $lang and $colorScheme', (way) => {
  test('everything is said and done, by keyboard too', async () => {
    const { visit, visitor } = await visited();
    const storageState = await visit.context.storageState();
    await visit.close();
    const { colorScheme, width, lang } = way;
    const options: BrowserContextOptions = { colorScheme, locale: lang, viewport: { width, height: 900 } };

    // The same pages where they can be looked into: they have no script of their own.
    const seen = await openVisit({ ...options, storageState });
    const look = async (): Promise<void> => {
      expect(await seen.page.locator('html').getAttribute('lang')).toBe(lang);
      expect(await accessibilityFaults(seen.page)).toEqual([]);
      expect((await tabThrough(seen.page)).filter(({ isSeen }) => !isSeen)).toEqual([]);
      const over = await seen.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(Math.max(0, over)).toBe(0);
    };
    await seen.page.goto(pageOfRights());
    await look();
    await seen.page.getByRole('link', { name: way.erase }).click();
    await look();

    const plain = await openVisit({ ...options, storageState, javaScriptEnabled: false });
    const { page, context } = plain;
    const picture = async (name: string): Promise<void> => {
      const folder = process.env.TEST_PICTURES;
      if (folder) await page.screenshot({ path: `${folder}/rights-${lang}-${name}.png`, fullPage: true });
    };
    await page.goto(pageOfRights());
    await picture('known');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: way.take }).press('Enter'),
    ]);
    const held = JSON.parse(await text(await download.createReadStream()));
    expect(held).toMatchObject({ format: 'parcours.subject/1', ids: [{ kind: 'visitor', value: visitor }] });
    expect(held.events.map(({ visitor_id }: { visitor_id: string }) => visitor_id)).toContain(visitor);
    await page.getByRole('link', { name: way.erase }).press('Enter');
    await picture('confirm');
    await page.getByRole('button', { name: way.confirm }).press('Enter');
    expect(await page.getByRole('status').textContent()).toContain(way.done);
    await picture('erased');
    const names = (await context.cookies()).map(({ name }) => name).filter((name) => name.startsWith('pc_'));
    expect(names).toEqual(['pc_objection_shop']);
    await rowsOf(visitor, (count) => count === 0);
    await page.getByRole('button', { name: way.stop }).press('Enter');
    expect(await page.getByRole('status').textContent()).toContain(way.done);
    await picture('stopped');

    const { entries } = JSON.parse(await outputOf(['audit', 'list', '--json', '--data', shop.program.data])) as {
      readonly entries: readonly { action: string; by: string; subject: string }[];
    };
    const own = entries.filter(({ by }) => by === 'visitor').slice(-3);
    expect(own.map(({ action }) => action).sort()).toEqual(['opted_out', 'subject_erased', 'subject_exported']);
    expect(new Set(own.map(({ subject }) => subject)).size).toBe(1);

    // Erased elsewhere meanwhile: the cookie that is left is nobody's.
    await seen.page.getByRole('button', { name: way.confirm }).click();
    expect(await seen.page.getByRole('status').count()).toBe(1);
    await look();
    for (const each of [plain, seen]) {
      await each.close();
      expect(each.faults).toEqual([]);
    }
  });
});

/** How somebody's data come to be erased while their browser has no part in it. */
const ERASERS: readonly (readonly [string, (visit: Visit, visitor: string) => Promise<void>])[] = [
  [
    'the operator',
    async (_, visitor) => {
      const { data } = shop.program;
      await outputOf(['subject', 'erase', '--by', 'visitor', visitor, '--data', data]);
      // The collector hears of it within a second.
      const code = async (): Promise<unknown> => {
        const sent = await postEvents(shop.program.collector, [anEvent({ visitor_id: visitor })]);
        return ((await sent.json()) as { results: { code?: string }[] }).results[0]?.code;
      };
      await expect.poll(code, { timeout: 15_000 }).toBe('subject_erased');
    },
  ],
  [
    'the visitor, on the page without a script',
    async ({ context }) => {
      const other = await context.newPage();
      await other.goto(`${pageOfRights()}?lang=en`);
      await other.getByRole('link', { name: 'Erase my data…' }).click();
      await other.getByLabel('Stop measuring me').uncheck();
      await other.getByRole('button', { name: 'Erase for good' }).click();
      expect(await other.getByRole('status').textContent()).toContain('Done.');
      await other.close();
    },
  ],
];

test.each(ERASERS)(
  'after %s has erased: what waited offline does not come back, the browser forgets the id and goes on as somebody new, consent kept',
  async (_, erase) => {
    const { visit, visitor } = await visited();
    const { page, context } = visit;
    const status = () => page.evaluate(() => parcours.consent());
    await context.route('**/v1/events', (route) => route.abort('internetdisconnected'));
    await page.evaluate(() => {
      parcours.track('while_offline');
      parcours.track('while_offline');
    });
    // All of these places have the id, so that each is looked into.
    await expect
      .poll(async () => Object.entries(await keptBy(page)).map(([place, text]) => [place, text.includes(visitor)]))
      .toEqual([...['localStorage', 'databases', 'cookies'].map((place) => [place, true])]);

    await erase(visit, visitor);
    // Waited for from before the network is back: the page may try again by itself.
    const reply = page.waitForResponse((response) => response.url().endsWith('/v1/events') && response.ok());
    await context.unroute('**/v1/events');
    await page.evaluate(() => parcours.flush());
    const { results } = (await (await reply).json()) as { results: { code?: string }[] };
    expect(results.map(({ code }) => code)).toContain('subject_erased');
    expect(results.every(({ code }) => code === 'subject_erased')).toBe(true);
    await page.waitForFunction((before) => parcours.visitorId() !== before, visitor);

    // Somebody new goes on; of the one before nothing is left or comes again, here or there.
    expect(await status()).toBe('granted');
    const next = String(await page.evaluate(() => parcours.visitorId()));
    await expect
      .poll(async () => Object.entries(await keptBy(page)).filter(([, text]) => text.includes(visitor)))
      .toEqual([]);
    expect((await keptBy(page)).localStorage).toContain(next);
    await page.evaluate(() => {
      parcours.track('as_somebody_new');
      return parcours.flush();
    });
    await rowsOf(next, (count) => count > 0);
    await page.reload();
    await page.waitForFunction((id) => parcours.visitorId?.() === id, next);
    expect(await status()).toBe('granted');
    expect((await keptBy(page)).cookies).toContain(next);
    await rowsOf(visitor, (count) => count === 0);
    await visit.close();
  },
);

/** What a browser keeps for the shop's origin and the collector, whole, as text. */
async function keptBy(page: Page): Promise<Readonly<Record<'localStorage' | 'databases' | 'cookies', string>>> {
  const inPage = await page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const databases: unknown[] = [];
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const rows = database.transaction(store).objectStore(store);
        databases.push(await Promise.all([done(rows.getAllKeys()), done(rows.getAll())]));
      }
      database.close();
    }
    return { localStorage: JSON.stringify({ ...localStorage }), databases: JSON.stringify(databases) };
  });
  return { ...inPage, cookies: JSON.stringify(await page.context().cookies()) };
}
