import { expect, it, vi } from 'vitest';
import { didomi } from './didomi.ts';
import { consentSourceContract, type Step } from './testing/contract.ts';
import { createPlayedPage, type PlayedPage } from './testing/played_page.ts';

/** What the visitor said of each purpose and vendor; `undefined`: not asked, or not answered yet. */
type Answers = Readonly<Record<string, boolean | undefined>>;

interface Sdk {
  purposes: Answers;
  vendors: Answers;
  regulation: string;
  readonly listeners: { event: string; listener: () => void }[];
}

const sdks = new WeakMap<PlayedPage, Sdk>();
const PURPOSES: Answers = { cookies: undefined, measure_content_performance: undefined };
const VENDORS: Answers = { 'c:parcours': undefined };
const everything = (value: boolean): Pick<Sdk, 'purposes' | 'vendors'> => ({
  purposes: { cookies: value, measure_content_performance: value },
  vendors: { 'c:parcours': value },
});

/** As the documentation has it: what is undefined reads as not enabled, and makes the status partial. */
const statuses = (answers: Answers) =>
  Object.fromEntries(Object.entries(answers).map(([id, enabled]) => [id, { id, enabled: enabled === true }]));

/** The SDK is ready: it calls what was pushed until then, and takes what comes later at once. */
const load =
  (choice: Partial<Sdk> = {}): Step =>
  (page) => {
    const queued = (page.didomiEventListeners ?? []) as Sdk['listeners'];
    const sdk: Sdk = { purposes: PURPOSES, vendors: VENDORS, regulation: 'gdpr', ...choice, listeners: [...queued] };
    sdks.set(page, sdk);
    const api = {
      isUserStatusPartial: () => Object.values({ ...sdk.purposes, ...sdk.vendors }).includes(undefined),
      getCurrentUserStatus: () => ({
        purposes: statuses(sdk.purposes),
        vendors: statuses(sdk.vendors),
        regulation: sdk.regulation,
        updated: '2026-11-01T08:00:00.000Z',
        consent_string: 'CPabc',
      }),
    };
    page.Didomi = api;
    for (const ready of (page.didomiOnReady ?? []) as ((sdk: unknown) => void)[]) ready(api);
    page.didomiOnReady = { push: (ready: (sdk: unknown) => void) => ready(api) };
    page.didomiEventListeners = { push: (one: Sdk['listeners'][number]) => sdk.listeners.push(one) };
  };

const choose =
  (choice: Partial<Sdk>, times = 1): Step =>
  (page) => {
    const sdk = sdks.get(page)!;
    Object.assign(sdk, choice);
    for (let time = 0; time < times; time++) {
      for (const { event, listener } of sdk.listeners) if (event === 'consent.changed') listener();
    }
  };

const yes = {
  'purpose.cookies': true,
  'purpose.measure_content_performance': true,
  'vendor.c:parcours': true,
};
const no = {
  'purpose.cookies': false,
  'purpose.measure_content_performance': false,
  'vendor.c:parcours': false,
};

consentSourceContract('didomi', {
  create: (page) => didomi(page),
  'late load': { steps: [load(), choose(everything(true))], reports: [undefined, yes] },
  'double fire': { before: load(), steps: [choose(everything(true), 2)], reports: [undefined, yes] },
  'partial choice': {
    before: load(),
    steps: [
      choose({ purposes: { cookies: true, measure_content_performance: undefined } }),
      choose({ purposes: { cookies: true, measure_content_performance: false }, vendors: { 'c:parcours': true } }),
    ],
    reports: [undefined, { ...yes, 'purpose.measure_content_performance': false }],
  },
  'stored choice': { before: load(everything(false)), reports: [no] },
  blocked: { reports: [], error: /has not answered in 30 s/ },
  exception: {
    before: (page) => {
      page.didomiOnReady = { push: (ready: (sdk: unknown) => void) => ready({ isUserStatusPartial: () => false }) };
    },
    reports: [undefined],
    error: /getCurrentUserStatus is not a function/,
  },
  stopped: { before: load(), steps: [choose(everything(true))], reports: [undefined] },
  more: {
    'a stored choice, read by a source that came after the events of the start': {
      before: load(everything(true)),
      steps: [choose(everything(false))],
      reports: [yes, no],
    },
    'a new vendor opens the choice again': {
      before: load(everything(true)),
      steps: [choose({ vendors: { 'c:parcours': true, 'c:new': undefined } })],
      reports: [yes, undefined],
    },
    'where no law asks, nobody chose': {
      before: load({ ...everything(true), regulation: 'none' }),
      reports: [{}],
    },
  },
});

it('didomi tells the date of the choice and its string', () => {
  const report = vi.fn();
  const life = new AbortController();
  const page = createPlayedPage();
  load(everything(true))(page);
  didomi(page).start(report, life.signal);
  expect(report.mock.calls).toEqual([[yes, { at: '2026-11-01T08:00:00.000Z', string: 'CPabc' }]]);
  life.abort();
});
