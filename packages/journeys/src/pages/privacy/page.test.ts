import { QueryError } from '@parcours/store';
import { expect, it } from 'vitest';
import type { PrivacySources } from '../../privacy/sources.ts';

import { openConsole, postForm } from '../../testing/open_console.ts';
import { actionText, actorText } from './action_text.ts';
import { privacyText } from './text.ts';

const NOW = Date.now();
const at = (days: number): string => new Date(NOW + days * 86_400_000).toISOString();

const FULL: PrivacySources = {
  policy: () => ({
    version: '2.1.0',
    hash: 'c'.repeat(43),
    since: at(-3),
    policy: {
      policy: 1,
      version: '2.1.0',
      rules: { choice_days: 90, report_k: 20, recipients: [{ name: 'Host <SAS>' }] },
      sites: {
        'shop-be': {
          ...{ country: 'BE', before_choice: 'drop' },
          recipients: [{ name: 'Ads SA', purposes: ['ads_share', 'audience'] }],
        },
        'shop-de': { country: 'DE', recipients: [] },
      },
    },
  }),
  choices: async () => [
    { source: 'tcf', country: 'FR', grants: 200, withdrawals: 5, purposes: { audience: 200, crm_join: 50 } },
    { source: 'manual', grants: 0, withdrawals: 1, purposes: {} },
  ],
  receipts: async (by, value, limit) =>
    value === 'id-of-somebody'
      ? {
          all: 3,
          found: [
            {
              receipt_id: `${by}-${limit}`,
              site: 'shop',
              action: 'withdraw',
              purposes: ['<audience>'],
              source: 'tcf',
              received_at: at(-1),
            },
          ],
        }
      : { all: 0, found: [] },
  keptFor: () => ({ exempt: 50, events: 100, failed: 50, counts: 100 }),
  retention: async () => ({
    at: at(-0.5),
    rows: [{ removed: 1_234 }],
    files: [{ class: 'log', days: 7, removed: 2, oldest: at(-6) }],
  }),
  actions: async () => [
    { at: at(-1), action: 'subject_erased', by: 'privacy', outcome: 'done', counts: {}, logGoneBy: at(6) },
    { at: at(-9), action: 'subject_erased', by: 'visitor', outcome: 'done', counts: {}, logGoneBy: at(-2) },
    { at: at(-9), action: 'retention_run', by: 'program', outcome: 'failed', counts: {} },
  ],
};

async function privacy(
  options: Parameters<typeof openConsole>[0],
  { lang = 'en', form }: { readonly lang?: 'en' | 'fr'; readonly form?: Record<string, string> } = {},
): Promise<string> {
  const console = await openConsole(options);
  const cookie = await console.signIn('privacy');
  const asked = form ? postForm(form, { cookie }) : { headers: { cookie } };
  const answer = await console.request(`/privacy?lang=${lang}`, asked);
  const page = await answer.text();
  await console.close();
  return page;
}

const plain = (html: string): string => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

it.each(['en', 'fr'] as const)('says in %s what is empty, and that the built-in policy is in force', async (lang) => {
  const page = await privacy({}, { lang });
  const text = privacyText[lang];
  for (const words of [text.builtIn, text.noChoices, text.noRefused, text.retentionNever, text.noActions])
    expect(page).toContain(words);
  expect(page).not.toContain(text.noneFound);
});

it('shows what the policy comes to for each site', async () => {
  const sites = () => ['shop', 'shop-be'].map((id) => ({ id, keys: [], origins: [] }));
  const text = plain(await privacy({ privacy: FULL, sites }));
  expect(text).toContain('Version 2.1.0');
  expect(text).toMatch(/shop France .*audience consent .*kept in the page’s memory 90 days 395 days 20 people/);
  expect(text).toMatch(/shop-be Belgium .*dropped 90 days 395 days 20 people/);
});

it.each(['en', 'fr'] as const)('names in %s the recipients of each site, or that there are none', async (lang) => {
  const sites = () => ['shop', 'shop-be', 'shop-de'].map((id) => ({ id, keys: [], origins: [] }));
  const html = await privacy({ privacy: FULL, sites }, { lang });
  expect(html).not.toContain('Host <SAS>');
  const { recipients, givenFor, everyPurpose, noRecipients } = privacyText[lang];
  const text = plain(html.slice(html.indexOf(`<h3>${recipients}`)));
  expect(text).toContain(`shop Host &lt;SAS&gt;${givenFor}${everyPurpose}`);
  expect(text).toContain(plain(`shop-be Ads SA${givenFor} ads_share , audience`));
  expect(text).toContain(`shop-de ${noRecipients}`);
});

it('tells choices by source and country, and of those who agreed the share of each purpose', async () => {
  const text = plain(await privacy({ privacy: FULL }));
  expect(text).toContain('tcf France 200 5 2.5% 100% 25%');
  expect(text).toContain('manual unknown 0 1');
});

it('looks receipts up by a form, and repeats nothing that was looked for', async () => {
  const found = await privacy({ privacy: FULL }, { form: { by: 'receipt', value: ' id-of-somebody ' } });
  expect(plain(found)).toContain('Receipts found: 3, of which the newest 1 are shown');
  expect(found).toContain('receipt-50');
  expect(found).toContain('&lt;audience&gt;');
  expect(found).not.toContain('id-of-somebody');
  const none = await privacy({ privacy: FULL }, { form: { by: 'of nobody', value: 'id-of-nobody' }, lang: 'fr' });
  expect(none).toContain(privacyText.fr.noneFound);
});

it.each([
  ['', privacyText.en.emptyValue],
  ['x'.repeat(201), privacyText.en.tooLong],
])('says what is wrong with %j', async (value, words) => {
  expect(await privacy({ privacy: FULL }, { form: { by: 'visitor', value } })).toContain(words);
});

it('tells what is refused and held, its age and its limit', async () => {
  let now = NOW;
  const console = await openConsole({ privacy: FULL, now: () => now });
  const time = at(-2);
  const line = {
    ...{ v: 1, kind: 'batch', site: 'shop', source: 'web', received_at: time, sent_at: time, sdk: '1' },
    client: { bot: false },
    stamps: [{ purposes: ['audience'], source: 'banner', at: time }],
    events: [{ event_id: crypto.randomUUID(), type: 'page_view', occurred_at: time, stamp: 0 }],
    filtered: [{ type: 'page_view', code: 'consent_denied', count: 7 }],
    exempted: Array.from({ length: 13 }, () => ({
      event_id: crypto.randomUUID(),
      type: 'page_view',
      occurred_at: time,
    })),
  };
  const bytes = Buffer.from(JSON.stringify(line));
  await console.engine.load({ log: 'l', segment: 1, endOffset: bytes.length, records: [bytes], offsets: [0] });
  const answer = await console.request('/privacy?lang=en', { headers: { cookie: await console.signIn('privacy') } });
  const text = plain(await answer.text());
  await console.engine.sealDays(at(0).slice(0, 10));
  now += 60_000;
  const later = await console.request('/privacy?lang=en', { headers: { cookie: await console.signIn('privacy') } });
  expect(text).toContain('to be written to Parquet, first or anew: 1.');
  expect(await later.text()).not.toContain('to be written to Parquet');
  await console.close();
  expect(text).toMatch(/Refused consent_denied .*as it should be\. 7/);
  expect(text).toContain('shop Events with consent 1 2 d 100 days');
  // Rounded to ten, as everywhere.
  expect(text).toContain('shop Exempt measurement 10 2 d 50 days');
  expect(text).toContain('Segments of the log 6 d 7 days');
  expect(text).toContain('1,234 rows, 2 receipts, marks and audit entries taken away');
});

it('tells which requests are still open', async () => {
  const text = plain(await privacy({ privacy: FULL }));
  expect(text.match(/Still open/g)).toHaveLength(1);
  expect(text).toMatch(/A person’s data erased privacy team done Still open: the log holds data until/);
  expect(text).toMatch(/Retention ran the program itself Failed/);
});

it('goes without the figures where the tables do not answer, and says so', async () => {
  const console = await openConsole();
  await console.close();
  const engine = { ...console.engine, query: () => Promise.reject(new QueryError('timeout', 'took too long')) };
  expect(await privacy({ privacy: FULL, engine })).toContain(privacyText.en.figuresMissing);
});

it('has every text in both languages', () => {
  expect(Object.keys(privacyText.fr)).toEqual(Object.keys(privacyText.en));
  expect(Object.keys(actionText.fr)).toEqual(Object.keys(actionText.en));
  expect(Object.keys(actorText.fr)).toEqual(Object.keys(actorText.en));
});
