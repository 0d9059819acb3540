import { DROPPED, FAILED, FILTERED } from '@parcours/protocol';
import { QueryError } from '@parcours/store';
import { expect, it } from 'vitest';
import type { ConsoleStatus } from '../../overview/program_status.ts';
import { openConsole } from '../../testing/open_console.ts';
import { reasonText } from '../reason_text.ts';
import { faultText, overviewText } from './text.ts';

const STATUS: ConsoleStatus = {
  startedAt: Date.now() - 7_200_000,
  alerts: [
    { name: 'disk_free', since: Date.now(), text: 'Only 3 % is free.' },
    { name: 'of_a_later_version', since: Date.now(), text: 'Something <new>.' },
  ],
  parts: [
    { role: 'collector', isUp: false, restarts: 4 },
    { role: 'reader', isUp: true, startedAt: Date.now(), restarts: 0 },
  ],
  accounts: { received: 21, accepted: 10, duplicate: 5, filtered: 3, failed: 2, retry: 1 },
};

async function overview(options: Parameters<typeof openConsole>[0], role: 'admin' | 'privacy' = 'admin', lang = 'en') {
  const console = await openConsole(options);
  const answer = await console.request(`/?lang=${lang}`, { headers: { cookie: await console.signIn(role) } });
  const page = await answer.text();
  await console.close();
  return page;
}

const plain = (html: string): string => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

it.each(['en', 'fr'] as const)('says in %s that all is well, and what is empty', async (lang) => {
  const page = await overview({ sites: () => [{ id: 'shop', keys: ['pk_demo'], origins: [] }] }, 'admin', lang);
  const text = overviewText[lang];
  for (const words of [text.well, text.noReasons, text.noEvents, text.never, text.noOrigins])
    expect(page).toContain(words);
});

it.each(['en', 'fr'] as const)('says in %s what is wrong and what to do', async (lang) => {
  const page = await overview({ status: () => STATUS, sites: () => [] }, 'admin', lang);
  expect(page).not.toContain(overviewText[lang].well);
  for (const name of ['disk_free', 'collector_silent', 'no_site']) expect(page).toContain(faultText[lang][name]);
  expect(page).toContain('Something &lt;new&gt;.');
  expect(page).toContain(overviewText[lang].noSites);
});

it('shows the collector’s own accounts as they add up, the parts and their restarts', async () => {
  const text = plain(await overview({ status: () => STATUS }));
  expect(text).toContain('Received 21 Accepted = 10 Duplicate + 5 Filtered + 3 Failed + 2 To send again + 1');
  expect(text).toMatch(/Collector not running – 4 Reader running [\d.]+ s 0/);
  expect(text).toContain('running 2 h');
});

it('leaves single events to those who may see them', async () => {
  expect(await overview({})).toContain('id="newest-title"');
  expect(await overview({}, 'privacy')).not.toContain('id="newest-title"');
});

it('goes without the figures where the tables do not answer, and says so', async () => {
  const console = await openConsole();
  await console.close();
  const engine = { ...console.engine, query: () => Promise.reject(new QueryError('timeout', 'took too long')) };
  const page = await overview({ engine, loader: () => ({ lagMs: 90_000, backlogBytes: 5, lastError: 'full' }) });
  expect(page).toContain(overviewText.en.figuresMissing);
  expect(page).toContain(faultText.en.load_failing);
  expect(page).toContain(faultText.en.lag);
});

it('has every text in both languages, and words for every reason of the protocol', () => {
  expect(Object.keys(overviewText.fr)).toEqual(Object.keys(overviewText.en));
  expect(Object.keys(faultText.fr)).toEqual(Object.keys(faultText.en));
  for (const language of ['en', 'fr'] as const) {
    expect(Object.keys(reasonText[language].failed).sort()).toEqual(Object.keys(FAILED).sort());
    expect(Object.keys(reasonText[language].filtered).sort()).toEqual(Object.keys(FILTERED).sort());
    expect(Object.keys(reasonText[language].dropped).sort()).toEqual(Object.keys(DROPPED).sort());
  }
});
