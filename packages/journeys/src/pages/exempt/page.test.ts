import { DEFAULT_POLICY } from '@parcours/protocol/policy';
import { QueryError } from '@parcours/store';
import { expect, it } from 'vitest';
import { NOTHING_CHOSEN } from '../../testing/no_privacy.ts';
import { openConsole, type TestConsole } from '../../testing/open_console.ts';
import { exemptText } from './text.ts';

const DAY_MS = 86_400_000;
const yesterday = new Date(Date.now() - DAY_MS).toISOString();

/** Page views of a site that were measured without consent: `[path, how many, visitors]`. */
async function load(
  { engine }: TestConsole,
  views: readonly (readonly [path: string, count: number, visitors?: number])[],
  { site = 'shop', at = yesterday } = {},
): Promise<void> {
  const exempted = views.flatMap(([path, count, visitors]) =>
    Array.from({ length: count }, (_, n) => ({
      ...{ event_id: crypto.randomUUID(), type: 'page_view', occurred_at: `${at.slice(0, 16)}:00.000Z` },
      path,
      ...(visitors !== undefined && { day_visitor: `v${n % visitors}`.padEnd(22, '0') }),
    })),
  );
  const line = {
    ...{ v: 1, kind: 'batch', site, source: 'web', received_at: at, sent_at: at, sdk: '1' },
    ...{ client: { bot: false }, stamps: [], events: [], exempted },
  };
  const bytes = Buffer.from(JSON.stringify(line));
  const log = crypto.randomUUID();
  await engine.load({ log, segment: 1, endOffset: bytes.length, records: [bytes], offsets: [0] });
}

async function shown(
  console: TestConsole,
  { lang = 'en', by = '', role = 'analyst' as const }: { lang?: 'en' | 'fr'; by?: string; role?: 'analyst' } = {},
): Promise<string> {
  const answer = await console.request(`/exempt?lang=${lang}${by}`, {
    headers: { cookie: await console.signIn(role) },
  });
  expect(answer.status).toBe(200);
  return answer.text();
}

const plain = (html: string): string => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const ON = { ...DEFAULT_POLICY, country: 'FR', rules: { preset: 'cnil-fr-2025' as const } };

it.each(['en', 'fr'] as const)('says in %s whether nothing is measured, or nothing can be told yet', async (lang) => {
  const off = await openConsole();
  expect(await shown(off, { lang })).toContain(exemptText[lang].off);
  await off.close();
  const on = await openConsole({
    privacy: { ...NOTHING_CHOSEN, policy: () => ({ version: '1', hash: 'h', policy: ON }) },
  });
  expect(await shown(on, { lang })).toContain(exemptText[lang].noneYet);
  await on.close();
});

it('tells page views by day and page, rounded to ten, the small ones together and today not at all', async () => {
  const console = await openConsole();
  await load(console, [
    ['/', 123],
    ["/a'<b>", 37],
    ['/a', 6],
    ['/b', 7],
  ]);
  await load(console, [['/today', 500]], { at: new Date().toISOString() });
  const html = await shown(console);
  await console.close();
  const text = plain(html);
  expect(text).toContain('/ 120 /a&#39;&lt;b&gt; 40 too small to be told apart 10');
  for (const none of ['123', '37', '/a ', '/today', '500']) expect(text).not.toContain(none);
  expect(text).not.toContain(exemptText.en.visitors);
});

it('tells no group under what the policy asks for, of page views or of visitors where they are counted', async () => {
  const console = await openConsole({ reportK: () => 40 });
  await load(console, [
    ['/large', 80],
    ['/small', 30],
  ]);
  await load(
    console,
    [
      ['/many', 90, 60],
      ['/few', 90, 20],
    ],
    { site: 'shop-de' },
  );
  const text = plain(await shown(console, { lang: 'fr' }));
  await console.close();
  expect(text).toContain('sous 40');
  expect(text).toContain('/large 80');
  expect(text).not.toContain('/small');
  expect(text).not.toContain('/few');
  expect(text).toContain(exemptText.fr.visitors);
});

it('counts by one thing at a time, as the address asks; by the page where it asks for something else', async () => {
  const console = await openConsole();
  await load(console, [['/', 50]]);
  expect(plain(await shown(console, { by: '&by=referrer_host' }))).toContain('none told 50');
  expect(await shown(console, { by: '&by=visitor_id' })).toContain('<a href="?by=path" aria-current="page">');
  await console.close();
});

/** Over tables that answer a query so. */
async function over(query: () => Promise<unknown>): Promise<string> {
  const empty = await openConsole();
  const console = await openConsole({ engine: { ...empty.engine, query } as never });
  const html = await shown(console);
  await console.close();
  await empty.close();
  return html;
}

it('tells no more lines than a page can bear, and says so', async () => {
  const rows = Array.from({ length: 500 }, (_, n) => ['shop', Date.parse(yesterday), `/${n}`, 10, null]);
  const html = await over(async () => ({ columns: [], rows, truncated: true }));
  expect(html.match(/<td class="what"/g)).toHaveLength(500);
  expect(html).toContain('Only the newest 500 lines');
});

it('says so where the tables do not answer', async () => {
  const html = await over(() => Promise.reject(new QueryError('timeout', 'late')));
  expect(html).toContain(exemptText.en.missing);
  expect(html).not.toContain(exemptText.en.off);
});
