import { expect, it, vi } from 'vitest';
import { sirdata } from './sirdata.ts';
import { consentSourceContract, type Step } from './testing/contract.ts';
import { createPlayedPage, type PlayedPage } from './testing/played_page.ts';

interface Data {
  readonly [field: string]: unknown;
}
type Callback = (data: Data | null, success: boolean) => void;

const listeners = new WeakMap<PlayedPage, Map<number, Callback>>();

/** `LastUpdated` of the string is 1 November 2026. */
const STRING = `CQAAAAA${tenths('2026-11-01T00:00:00Z')}AAAAAAFRAAA`;
function tenths(date: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  let rest = Date.parse(date) / 100;
  return Array.from({ length: 6 }, () => {
    const letter = letters[rest % 64];
    rest = Math.floor(rest / 64);
    return letter;
  })
    .reverse()
    .join('');
}

const data = (eventStatus: string, consents: object, more: object = {}): Data => ({
  eventStatus,
  gdprApplies: true,
  tcString: STRING,
  cmpVersion: 70,
  purpose: { consents, legitimateInterests: { 8: true, 9: true } },
  vendor: { consents: { 53: true } },
  ...more,
});

/** The CMP is there, and answers the listener at once. */
const load =
  (first: Data): Step =>
  (page) => {
    const heard = new Map<number, Callback>();
    listeners.set(page, heard);
    page.__sdcmpapi = (command: string, _: number, callback: Callback, id: number) => {
      if (command === 'removeEventListener') heard.delete(id);
      else if (command === 'addEventListener') {
        const listenerId = heard.size + 1;
        heard.set(listenerId, callback);
        callback({ ...first, listenerId }, true);
      }
    };
  };

const fire =
  (next: Data | null, success = true): Step =>
  (page) => {
    for (const [listenerId, callback] of listeners.get(page)!) callback(next && { ...next, listenerId }, success);
  };

const yes = { 1: true, 8: true, 9: true };
const shown = data('cmpuishown', {});
const signals = (answers: Record<string, boolean>) => ({
  ...Object.fromEntries(Object.entries(answers).map(([id, value]) => [`purpose.${id}`, value])),
  'vendor.53': true,
});

consentSourceContract('sirdata', {
  create: (page) => sirdata(page),
  'late load': { steps: [load(shown), fire(data('useractioncomplete', yes))], reports: [undefined, signals(yes)] },
  'double fire': {
    before: load(shown),
    steps: [fire(data('useractioncomplete', yes)), fire(data('useractioncomplete', yes))],
    reports: [undefined, signals(yes)],
  },
  'partial choice': {
    before: load(shown),
    steps: [fire(data('useractioncomplete', { 1: true, 8: false }))],
    reports: [undefined, signals({ 1: true, 8: false })],
  },
  'stored choice': {
    before: load(data('tcloaded', { 1: false, 8: false })),
    reports: [signals({ 1: false, 8: false })],
  },
  blocked: { reports: [], error: /has not answered in 30 s/ },
  exception: {
    before: (page) => {
      page.__sdcmpapi = () => {
        throw new Error('stub is broken');
      };
    },
    reports: [undefined],
    error: /stub is broken/,
  },
  stopped: {
    before: load(shown),
    steps: [fire(data('useractioncomplete', yes))],
    reports: [undefined],
    listeners: (page) => listeners.get(page)!.size,
  },
  more: {
    'a window that is opened again and closed without a change': {
      before: load(data('tcloaded', yes)),
      steps: [fire(data('cmpuishown', yes)), fire(data('cmpuiclosed', yes))],
      reports: [signals(yes), undefined, signals(yes)],
    },
    'data that is not ready says nothing, and is no error': {
      before: load({ eventStatus: null, gdprApplies: true, cmpStatus: 'loading' }),
      steps: [fire(data('tcloaded', yes))],
      reports: [undefined, signals(yes)],
    },
    'an error of the CMP': {
      before: load(data('tcloaded', yes)),
      steps: [fire(null, false)],
      reports: [signals(yes), {}],
      error: /reports an error/,
    },
    'a law of which nobody knows whether it applies': {
      before: load(data('tcloaded', yes, { gdprApplies: undefined })),
      reports: [undefined],
    },
    'where no law asks, nobody chose': {
      before: load(data('tcloaded', yes, { gdprApplies: false })),
      reports: [undefined],
    },
    'data that cannot be read': {
      before: load(data('tcloaded', yes, { purpose: { consents: undefined } })),
      reports: [{}],
      error: /reports an error/,
    },
  },
});

it('sirdata lets go of the manager when it is stopped', () => {
  const life = new AbortController();
  const page = createPlayedPage();
  load(shown)(page);
  sirdata(page).start(() => {}, life.signal);
  expect(listeners.get(page)?.size).toBe(1);
  life.abort();
  expect(listeners.get(page)?.size).toBe(0);
});

it('sirdata tells the string and its day', () => {
  const report = vi.fn();
  const life = new AbortController();
  const page = createPlayedPage();
  vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
  load(data('tcloaded', yes))(page);
  sirdata(page).start(report, life.signal);
  expect(report.mock.calls).toEqual([[signals(yes), { string: STRING, at: Date.parse('2026-11-01T00:00:00Z') }]]);
  life.abort();
  vi.useRealTimers();
});
