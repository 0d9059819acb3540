import { expect, it, vi } from 'vitest';
import { tarteaucitron } from './tarteaucitron.ts';
import { consentSourceContract, type Step } from './testing/contract.ts';
import { createPlayedPage, type PlayedPage } from './testing/played_page.ts';

type Answer = 'wait' | 'true' | 'false';

interface Settings {
  readonly parameters?: object;
  readonly user?: object;
  readonly services?: object;
}

const cookies = new WeakMap<PlayedPage, Map<string, Answer>>();

/** As `cookie.create`: the whole cookie is written for each service, with an event for each. */
const create = (page: PlayedPage, key: string, answer: Answer): void => {
  const cookie = cookies.get(page)!;
  cookie.delete(key);
  cookie.set(key, answer);
  page.document.dispatchEvent(new page.Event('tac.consent_updated'));
};

/** The script is there and was initialised; its root comes, then the services that wait for an answer are written. */
const load =
  (answers: Record<string, Answer>, { parameters = {}, user = {}, services = {} }: Settings = {}): Step =>
  (page) => {
    const cookie = new Map(Object.entries(answers));
    cookies.set(page, cookie);
    page.tarteaucitron = {
      version: '1.34.0',
      parameters: { highPrivacy: true, serviceDefaultState: 'wait', ...parameters },
      user,
      services: { parcours: { needConsent: true }, ads: { needConsent: true }, ...services },
      cookie: { read: () => [...cookie].map(([key, answer]) => `!${key}=${answer}`).join('') },
      getLanguage: () => 'fr',
    };
    page.dispatchEvent(new page.Event('tac.root_available'));
    for (const [key, answer] of Object.entries(answers)) if (answer === 'wait') create(page, key, answer);
  };

/** As `userInterface.respondAll` and `respond`: one service after the other, each written and told before the next. */
const respond =
  (answers: Record<string, Answer>): Step =>
  (page) => {
    for (const [key, answer] of Object.entries(answers)) create(page, key, answer);
  };

const waiting = { parcours: 'wait', ads: 'wait' } as const;
const allowed = { parcours: 'true', ads: 'true' } as const;
const denied = { parcours: 'false', ads: 'false' } as const;

consentSourceContract('tarteaucitron', {
  create: (page) => tarteaucitron(page),
  'late load': {
    steps: [load(waiting), respond(allowed)],
    reports: [undefined, { parcours: true, ads: true }],
  },
  'double fire': {
    before: load(waiting),
    steps: [respond(allowed), respond(allowed)],
    reports: [undefined, { parcours: true, ads: true }],
  },
  'partial choice': {
    before: load(waiting),
    steps: [respond({ parcours: 'true' })],
    reports: [undefined, { parcours: true }],
  },
  'stored choice': { before: load(denied), reports: [{ parcours: false, ads: false }] },
  blocked: { reports: [], error: /has not answered in 30 s/ },
  exception: {
    before: (page) => {
      page.tarteaucitron = { parameters: {}, cookie: {} };
    },
    reports: [undefined],
    error: /read is not a function/,
  },
  stopped: { before: load(waiting), steps: [respond(allowed)], reports: [undefined] },
  more: {
    'what is answered where nothing was: chosen now, one service after the other': {
      before: load(waiting),
      steps: [respond({ ads: 'true' }), respond({ parcours: 'true' }), respond({ chat: 'wait' })],
      reports: [undefined, { ads: true }, { ads: true, parcours: true }],
      dates: [undefined, 1_000, 2_000],
    },
    'a service that is answered beside those of long ago gives them no date': {
      before: load({ parcours: 'true', ads: 'wait' }),
      steps: [respond({ ads: 'true' })],
      reports: [{ parcours: true }, { parcours: true, ads: true }],
      dates: [undefined, undefined],
    },
    'a withdrawal is read whole, never service by service': {
      before: load(allowed),
      steps: [respond(denied)],
      reports: [
        { parcours: true, ads: true },
        { parcours: false, ads: false },
      ],
    },
    'a stored choice, after which nothing but the root comes': {
      steps: [load(denied)],
      reports: [{ parcours: false, ads: false }],
    },
    'a script that was not initialised says nothing yet': {
      before: (page) => {
        page.tarteaucitron = { services: {}, cookie: { read: () => '!parcours=true' } };
      },
      reports: [],
    },
    'services that need no consent or are on by default are no choice': {
      before: load(
        { parcours: 'true', ads: 'true', chat: 'false' },
        { services: { parcours: { needConsent: false }, ads: { needConsent: true, defaultState: true } } },
      ),
      reports: [{ chat: false }],
    },
    'a country that is not asked': { before: load(allowed, { user: { bypass: true } }), reports: [{}] },
    'consent by going on browsing is none': {
      before: load(allowed, { parameters: { highPrivacy: false } }),
      reports: [{}],
      error: /highPrivacy is off/,
    },
    'consent by silence is none': {
      before: load(allowed, { parameters: { serviceDefaultState: true } }),
      reports: [{}],
      error: /serviceDefaultState is true/,
    },
  },
});

it('tarteaucitron tells its version and language, and no date, for its cookie has none', () => {
  const report = vi.fn();
  const life = new AbortController();
  const page = createPlayedPage();
  load(allowed)(page);
  tarteaucitron(page).start(report, life.signal);
  expect(report.mock.calls).toEqual([
    [
      { parcours: true, ads: true },
      { version: '1.34.0', language: 'fr' },
    ],
  ]);
  life.abort();
});
