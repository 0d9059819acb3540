import { expect, it, vi } from 'vitest';
import { axeptio } from './axeptio.ts';
import { consentSourceContract, type Step } from './testing/contract.ts';
import { createPlayedPage, type PlayedPage } from './testing/played_page.ts';

type Choices = Record<string, unknown>;

interface Sdk {
  readonly userPreferencesManager: { choices: Choices };
  readonly listeners: ((choices: Choices) => void)[];
  on(event: string, listener: (choices: Choices) => void): void;
}

const sdks = new WeakMap<PlayedPage, Sdk>();

/** What Axeptio keeps of a visitor who has not chosen: its cookie is there all the same. */
const open: Choices = {
  $$token: 't1v1w821zpyn4r5rvtwdd',
  $$date: '2026-06-16T05:19:22.179Z',
  $$cookiesVersion: {},
  $$completed: false,
};
const stored = (vendors: Choices): Choices => ({
  $$token: '8uo4uk64dmazn5y3jjif1b',
  $$date: '2026-11-01T08:00:00.000Z',
  $$cookiesVersion: { name: 'shop-fr', identifier: '619e4a2a1fb0a24610833704' },
  ...vendors,
  $$googleConsentMode: { version: 2, analytics_storage: 'granted' },
  $$completed: true,
});

/** The script and its settings are there: it calls what waits, and what comes later at once, then tells a stored choice. */
const load =
  (choices: Choices = open): Step =>
  (page) => {
    const sdk: Sdk = {
      userPreferencesManager: { choices },
      listeners: [],
      on: (event, listener) => event === 'cookies:complete' && sdk.listeners.push(listener),
    };
    sdks.set(page, sdk);
    for (const ready of (page._axcb ?? []) as ((sdk: Sdk) => void)[]) ready(sdk);
    page._axcb = { push: (ready: (sdk: Sdk) => void) => ready(sdk) };
    if (choices.$$completed) for (const listener of sdk.listeners) listener(choices);
  };

const complete =
  (choices: Choices, times = 1): Step =>
  (page) => {
    const sdk = sdks.get(page)!;
    sdk.userPreferencesManager.choices = choices;
    for (let time = 0; time < times; time++) for (const listener of sdk.listeners) listener(choices);
  };

consentSourceContract('axeptio', {
  create: (page) => axeptio(page),
  'late load': {
    steps: [load(), complete(stored({ parcours: true, google_ads: true }))],
    reports: [undefined, { parcours: true, google_ads: true }],
  },
  'double fire': {
    before: load(),
    steps: [complete(stored({ parcours: true }), 2)],
    reports: [undefined, { parcours: true }],
  },
  'partial choice': {
    before: load(),
    steps: [complete(stored({ parcours: true, google_ads: false, hubspot: undefined }))],
    reports: [undefined, { parcours: true, google_ads: false }],
  },
  'stored choice': { before: load(stored({ parcours: false })), reports: [{ parcours: false }] },
  blocked: { reports: [], error: /has not answered in 30 s/ },
  exception: {
    steps: [
      (page) => {
        for (const ready of page._axcb as ((sdk: unknown) => void)[]) ready({});
      },
    ],
    reports: [undefined],
    error: /sdk\.on is not a function/,
  },
  stopped: { before: load(), steps: [complete(stored({ parcours: true }))], reports: [undefined] },
  more: {
    'a stored choice that is told by the event as well, with nothing shown': {
      steps: [load(stored({ parcours: true }))],
      reports: [{ parcours: true }],
    },
    'half-way through the steps nothing is chosen': {
      before: load({ ...stored({ parcours: true }), $$completed: false }),
      reports: [undefined],
    },
    'a change of mind': {
      before: load(stored({ parcours: true })),
      steps: [complete(stored({ parcours: false }))],
      reports: [{ parcours: true }, { parcours: false }],
    },
    'an event that brings the vendors alone': {
      before: load(),
      steps: [complete({ parcours: true })],
      reports: [undefined, { parcours: true }],
    },
  },
});

it('axeptio tells the date of a stored choice and the version of its settings', () => {
  const report = vi.fn();
  const life = new AbortController();
  const page = createPlayedPage();
  load(stored({ parcours: true }))(page);
  axeptio(page).start(report, life.signal);
  expect(report.mock.calls).toEqual([
    [{ parcours: true }, { at: '2026-11-01T08:00:00.000Z', version: '619e4a2a1fb0a24610833704' }],
  ]);
  life.abort();
});
