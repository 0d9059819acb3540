import { expect, it, vi } from 'vitest';
import type { ChoiceDetails } from '../source.ts';
import { consentSourceContract, type Step } from './testing/contract.ts';
import { createPlayedPage, type PlayedPage } from './testing/played_page.ts';
import { type VanillaCookieconsentApi, vanillaCookieconsent } from './vanilla_cookieconsent.ts';

type NamesOf = Record<string, string[]>;

/** What the library knows, as its own functions give it. */
interface Library {
  isValid: boolean;
  accepted: string[];
  rejected: string[];
  acceptedServices?: NamesOf;
  rejectedServices?: NamesOf;
}

const apiOf = (library: Library): VanillaCookieconsentApi => ({
  validConsent: () => library.isValid,
  getUserPreferences: () => ({
    acceptedCategories: library.accepted,
    rejectedCategories: library.rejected,
    acceptedServices: library.acceptedServices ?? {},
    rejectedServices: library.rejectedServices ?? {},
  }),
  getConfig: () => ({ necessary: { readOnly: true }, analytics: {}, marketing: {} }),
  getCookie: () => ({ revision: 3, languageCode: 'fr', lastConsentTimestamp: '2026-11-01T08:00:00.000Z' }),
});

const libraries = new WeakMap<PlayedPage, Library>();

/** The library's script runs, and shows its banner where no choice stands. */
const load =
  (choice: Partial<Library> = {}): Step =>
  (page) => {
    const library = { isValid: false, accepted: [], rejected: [], ...choice };
    libraries.set(page, library);
    page.CookieConsent = apiOf(library);
    page.dispatchEvent(new page.CustomEvent(library.isValid ? 'cc:onConsent' : 'cc:onModalReady'));
  };

/** The visitor chooses: the library changes what it knows, then tells its events. */
const choose =
  (choice: Partial<Library>, ...events: string[]): Step =>
  (page) => {
    Object.assign(libraries.get(page)!, { isValid: true, ...choice });
    for (const event of events) page.dispatchEvent(new page.CustomEvent(event));
  };

const all = { accepted: ['necessary', 'analytics', 'marketing'], rejected: [] };
const none = { accepted: ['necessary'], rejected: ['analytics', 'marketing'] };
const some = { accepted: ['necessary', 'analytics'], rejected: ['marketing'] };
const first = ['cc:onFirstConsent', 'cc:onConsent'];

consentSourceContract('vanilla_cookieconsent', {
  create: (page) => vanillaCookieconsent({}, page),
  'late load': {
    steps: [load(), choose(all, ...first)],
    reports: [undefined, { analytics: true, marketing: true }],
  },
  'double fire': {
    before: load(),
    steps: [choose(all, ...first, 'cc:onConsent')],
    reports: [undefined, { analytics: true, marketing: true }],
  },
  'partial choice': {
    before: load(),
    steps: [
      choose(
        {
          ...some,
          acceptedServices: { necessary: ['session'], analytics: ['matomo'] },
          rejectedServices: { analytics: ['hotjar'], marketing: ['ads'] },
        },
        ...first,
      ),
    ],
    reports: [
      undefined,
      {
        analytics: true,
        marketing: false,
        'analytics.matomo': true,
        'analytics.hotjar': false,
        'marketing.ads': false,
      },
    ],
  },
  'stored choice': { before: load({ isValid: true, ...none }), reports: [{ analytics: false, marketing: false }] },
  blocked: { reports: [], error: /has not answered in 30 s/ },
  exception: {
    before: (page) => {
      page.CookieConsent = {
        validConsent: () => {
          throw new Error('library is broken');
        },
      };
    },
    reports: [undefined],
    error: /library is broken/,
  },
  stopped: { before: load(), steps: [choose(all, ...first)], reports: [undefined] },
  more: {
    'a change of mind': {
      before: load({ isValid: true, ...all }),
      steps: [choose(some, 'cc:onChange'), choose(none, 'cc:onChange')],
      reports: [
        { analytics: true, marketing: true },
        { analytics: true, marketing: false },
        { analytics: false, marketing: false },
      ],
    },
    'a stored choice of an older revision is none, whatever the events': {
      before: load({ isValid: false, ...all }),
      steps: [(page) => page.dispatchEvent(new page.CustomEvent('cc:onConsent'))],
      reports: [undefined],
    },
    'a library in a bundle that nobody gave': {
      steps: [(page) => page.dispatchEvent(new page.CustomEvent('cc:onConsent'))],
      reports: [{}],
      error: /give it as option "api", or as window\.CookieConsent/,
    },
  },
});

it('vanilla_cookieconsent tells date, revision and language of the choice, of the library that it is given', () => {
  const report = vi.fn<(signals: unknown, details?: ChoiceDetails) => void>();
  const life = new AbortController();
  const api = apiOf({ isValid: true, ...some });
  vanillaCookieconsent({ api }, createPlayedPage()).start(report, life.signal);
  expect(report.mock.calls).toEqual([
    [
      { analytics: true, marketing: false },
      { at: '2026-11-01T08:00:00.000Z', version: '3', language: 'fr' },
    ],
  ]);
  life.abort();
});
