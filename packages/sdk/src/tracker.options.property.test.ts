import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConsentSource } from './consent/source.ts';
import { pageViews } from './observers/page_views.ts';
import type { TrackerOptions } from './options.ts';
import { POLICY } from './testing/collector.ts';
import { createPage, pass } from './testing/page.ts';
import { createTracker } from './tracker.ts';

const didomi = (): ConsentSource => ({ name: 'didomi', start: () => {} });

/** Options as they should be. */
const GOOD: Required<TrackerOptions> = {
  endpoint: 'https://collecte.boutique.fr/v1/events',
  site: 'boutique-fr',
  key: 'pk_demo',
  consent: didomi(),
  policy: POLICY,
  observers: [pageViews],
  queryKeys: ['q'],
  debug: false,
  beforeSend: (event) => event,
  onDrop: () => {},
};

/** What is written in place of an option's name. */
const MISSPELT: { readonly [option in keyof TrackerOptions]?: readonly string[] } = {
  endpoint: ['endPoint', 'end_point', 'endpoint ', 'url', 'adresse', 'host', 'ENDPOINT', 'endpont'],
  site: ['siteId', 'site_id', 'Site', 'boutique', 'sites'],
  key: ['cle', 'clé', 'apiKey', 'writeKey', 'keys', 'token'],
  consent: ['consentement', 'consents', 'concent', 'consentSource', 'cmp', 'Consent'],
  policy: ['politique', 'polices', 'policies', 'Policy'],
  observers: ['observateurs', 'observer', 'observeurs'],
  queryKeys: ['querykeys', 'query_keys', 'queryKey', 'cles'],
  debug: ['débug', 'debugg', 'Debug', 'dev'],
  beforeSend: ['before_send', 'beforesend', 'avantEnvoi'],
  onDrop: ['ondrop', 'on_drop', 'surPerte'],
};

/** What is written in place of an option's value. */
const WRONG: { readonly [option in keyof TrackerOptions]-?: readonly unknown[] } = {
  endpoint: [
    ...['', ' ', '/v1/events', 'v1/events', 'collecte.boutique.fr/v1/events', '//collecte.boutique.fr/v1/events'],
    ...['htps://collecte.boutique.fr', 'https:/collecte.boutique.fr', 'https//collecte.boutique.fr', 'https://'],
    ...['https://collecte boutique.fr', 'https://moi:secret@collecte.boutique.fr/v1/events', 'https://:443/v1/events'],
    ...['file:///v1/events', 'javascript:alert(1)', 'wss://collecte.boutique.fr', null, true, 80, {}, []],
  ],
  site: ['', null, 12, true, {}, ['boutique-fr']],
  key: ['', null, 12, true, {}, ['pk_demo']],
  consent: [
    'didomi',
    'Didomi',
    '',
    null,
    true,
    {},
    [],
    didomi,
    { name: 'didomi' },
    { start: 'onload' },
    { audience: true },
  ],
  policy: [
    '',
    'default',
    'fr',
    null,
    true,
    {},
    [],
    { policy: 1, version: '1.0.0' },
    { ...POLICY, hash: 1 },
    JSON.stringify(POLICY),
  ],
  observers: ['', 'pageViews', null, true, {}, pageViews, ['pageViews'], [undefined], [{}]],
  queryKeys: ['', 'q', 'q,page', null, true, {}, [1], [''], [undefined]],
  debug: ['', 'true', 'oui', null, 1, {}],
  beforeSend: ['', null, true, {}, 'filtrer'],
  onDrop: ['', null, true, {}, 'compter'],
};

let page: ReturnType<typeof createPage>;

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
  page = createPage();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Starts a tracker as a page does, and tells what came of it. */
async function start(options: unknown) {
  const fetch = vi.fn(page.collector.fetch);
  const getItem = vi.spyOn(Storage.prototype, 'getItem');
  let fault: unknown;
  try {
    const tracker = createTracker(options as TrackerOptions, page.scope({ fetch: fetch as never }), page.disks.open);
    tracker.track('a');
    await pass(60_000);
    tracker.stop();
  } catch (error) {
    fault = error;
  }
  await pass(60_000);
  const requests = fetch.mock.calls.map(([url, init]) => `${init?.method ?? 'GET'} ${url}`);
  const touched = getItem.mock.calls.length + localStorage.length + page.disks.opened.length;
  return { fault, requests, touched };
}

const expectRefused = async (options: unknown): Promise<void> => {
  const { fault, requests, touched } = await start(options);
  expect(fault).toBeInstanceOf(TypeError);
  expect((fault as Error).message).toMatch(
    /^\[parcours\] option "[\s\S]*" (?:is unknown|must be an? [\w ]+|must be true or false)$/,
  );
  expect({ requests, touched }).toEqual({ requests: [], touched: 0 });
};

describe('a mistake in the options is one clear error, nothing is granted, and no request made', () => {
  const rows = Object.entries(MISSPELT).flatMap(([option, names]) => names.map((name) => [option, name] as const));
  it.each(rows)('%s written %j', async (option, name) => {
    const { [option as keyof TrackerOptions]: value, ...others } = GOOD;
    await expectRefused({ ...others, [name]: value });
    await expectRefused({ ...GOOD, [name]: value });
  });

  it.each(Object.keys(WRONG) as (keyof TrackerOptions)[])('%s of another kind', async (option) => {
    for (const value of WRONG[option]) {
      await expectRefused({ ...GOOD, [option]: value }).catch((error) => {
        throw new Error(`${option}: ${JSON.stringify(value)} ${error}`);
      });
    }
  });

  it.each(['endpoint', 'site', 'key'] as const)('%s left out', async (option) => {
    const { [option]: _, ...others } = GOOD;
    await expectRefused(others);
    await expectRefused({ ...others, [option]: undefined });
  });

  it('whatever else is given: refused so, or nothing but the policy is asked for before a choice', async () => {
    const option = fc.constantFrom(...(Object.keys(GOOD) as (keyof TrackerOptions)[]));
    const changes = fc.array(fc.tuple(fc.oneof(option, fc.string()), fc.anything()), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.boolean(), changes, async (isPolicyGiven, changed) => {
        const { policy, ...others } = GOOD;
        const options = Object.assign(others, isPolicyGiven && { policy }, Object.fromEntries(changed));
        const { fault, requests, touched } = await start(options);
        if (fault) await expectRefused(options);
        const wanted =
          fault || (options as Partial<TrackerOptions>).policy !== undefined
            ? []
            : expect.arrayContaining([expect.stringMatching(/^GET .*policy/)]);
        expect(requests).toEqual(wanted);
        expect(requests.filter((request) => !/^GET [^?#]*policy\//.test(request))).toEqual([]);
        expect(touched).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});

describe('whatever is told as a choice', () => {
  const value = fc.oneof(fc.boolean(), fc.constantFrom('true', 'oui', 'granted', 1, 0, null, undefined), fc.anything());
  const name = fc.oneof(
    fc.constantFrom('audience', 'audiance', 'Audience', 'analytics', 'mesure', 'ads_measurement', 'tous', '__proto__'),
    fc.string(),
  );
  const choice = fc.oneof(fc.dictionary(name, value), fc.anything());
  const details = fc.record(
    {
      at: fc.oneof(fc.constantFrom('2026-11-22', 'hier', '22/11/2026', '2027-11-22', '2020-01-01', 0), fc.anything()),
      source: fc.oneof(fc.constantFrom('manual', 'didomi', 'toString'), fc.anything()),
      string: fc.oneof(fc.string(), fc.anything()),
    },
    { requiredKeys: [] },
  );

  it('grants by `audience: true` alone, never throws, and sends nothing where it does not grant', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    await fc.assert(
      fc.asyncProperty(choice, fc.option(details, { nil: undefined }), async (said, about) => {
        localStorage.clear();
        page = createPage();
        error.mockClear();
        const tracker = page.open();
        tracker.track('a');
        const status = tracker.consent(said as never, about as never);
        const isYes = Object(said) === said && (said as { audience?: unknown }).audience === true;
        if (status === 'granted') expect(isYes).toBe(true);
        else {
          await pass(60_000);
          expect(page.collector.seen.length + page.collector.withdrawals.length + localStorage.length).toBe(0);
          // That its source is not mapped is another.
          expect(error.mock.calls.length).toBeLessThanOrEqual(about?.source === undefined ? 1 : 2);
        }
        if (isYes && about === undefined) expect(status).toBe('granted');
        tracker.stop();
        await pass(1);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [{ audiance: true }],
    [{ audience: 'true' }],
    [{ audience: 'oui' }],
    [{ audience: 1 }],
    [{ Audience: true }],
    [{ analytics: true, marketing: true }],
    [['audience']],
    ['accept'],
    ['audience'],
    [true],
    [1],
  ])('%j is a refusal, and one error says so', async (said) => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    const tracker = page.open();
    tracker.track('a');
    for (let n = 0; n < 3; n++) expect(tracker.consent(said as never)).toBe('denied');
    await pass(60_000);
    expect(page.collector.seen).toEqual([]);
    expect(localStorage).toHaveLength(0);
    expect(error.mock.calls).toEqual([[expect.stringMatching(/^\[parcours\] the choice .*: nothing is granted$/)]]);
    tracker.stop();
    await pass(1);
  });
});
