import { expect, it, vi } from 'vitest';
import { cookiebot } from './cookiebot.ts';
import { consentSourceContract, type Step } from './testing/contract.ts';
import { createPlayedPage } from './testing/played_page.ts';

interface Answer {
  readonly preferences?: boolean;
  readonly statistics?: boolean;
  readonly marketing?: boolean;
}

const put =
  (answer: Answer | undefined, method: string | null = answer ? 'explicit' : null): Step =>
  (page) => {
    page.Cookiebot = {
      hasResponse: answer !== undefined,
      consent: { necessary: true, preferences: false, statistics: false, marketing: false, method, ...answer },
    };
  };

const tell =
  (...events: string[]): Step =>
  (page) => {
    for (const event of events) page.dispatchEvent(new page.Event(`Cookiebot${event}`));
  };

const both =
  (...steps: Step[]): Step =>
  (page) => {
    for (const step of steps) step(page);
  };

/** The script is there: the dialog comes up, or what is stored is told. */
const load = (answer?: Answer): Step =>
  both(put(answer), answer ? tell('OnConsentReady', 'OnLoad', 'OnAccept') : tell('OnLoad', 'OnDialogDisplay'));
const choose = (answer: Answer, ...events: string[]): Step => both(put(answer), tell(...events));

const yes = { preferences: true, statistics: true, marketing: true };
const no = { preferences: false, statistics: false, marketing: false };

consentSourceContract('cookiebot', {
  create: (page) => cookiebot(page),
  'late load': { steps: [load(), choose(yes, 'OnConsentReady', 'OnAccept')], reports: [undefined, yes] },
  'double fire': {
    before: load(),
    steps: [choose(yes, 'OnConsentReady', 'OnAccept', 'OnAccept')],
    reports: [undefined, yes],
  },
  'partial choice': {
    before: load(),
    steps: [choose({ statistics: true }, 'OnAccept')],
    reports: [undefined, { ...no, statistics: true }],
  },
  'stored choice': { before: load(no), reports: [no] },
  blocked: { reports: [], error: /has not answered in 30 s/ },
  exception: {
    before: (page) => {
      page.Cookiebot = {
        get consent() {
          throw new Error('half loaded');
        },
      };
    },
    reports: [undefined],
    error: /half loaded/,
  },
  stopped: { before: load(), steps: [choose(yes, 'OnAccept')], reports: [undefined] },
  more: {
    'a dialog that is open is no refusal': {
      steps: [load(), tell('OnConsentReady')],
      reports: [undefined],
    },
    'a refusal and a withdrawal': {
      before: load(),
      steps: [choose(no, 'OnDecline'), choose(yes, 'OnAccept'), choose(no, 'OnDecline')],
      reports: [undefined, no, yes, no],
    },
    'an implied consent is none': {
      before: both(put(yes, 'implied'), tell('OnConsentReady', 'OnAccept')),
      reports: [{}],
    },
  },
});

it('cookiebot tells the time of the choice and its version, past cookies that cannot be decoded', () => {
  const report = vi.fn();
  const life = new AbortController();
  const page = createPlayedPage();
  page.document.cookie = 'odd=100%';
  page.document.cookie =
    'CookieConsent={stamp:%27x6gq==%27%2Cnecessary:true%2Cpreferences:true%2Cstatistics:true%2Cmarketing:true%2Cmethod:%27explicit%27%2Cver:2%2Cutc:1793520000000%2Cregion:%27fr%27}';
  load(yes)(page);
  cookiebot(page).start(report, life.signal);
  expect(report.mock.calls).toEqual([[yes, { at: 1793520000000, version: '2' }]]);
  life.abort();
});
