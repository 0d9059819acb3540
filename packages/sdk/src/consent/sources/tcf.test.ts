import { choiceFrom, DEFAULT_RULES, LIMITS, type Signals } from '@parcours/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChoiceDetails } from '../source.ts';
import { tcf } from './tcf.ts';
import { consentSourceContract, type Step } from './testing/contract.ts';
import type { PlayedPage } from './testing/played_page.ts';
import { type TcData, tcData, tcString } from './testing/tc_data.ts';

type Callback = (data: TcData | null, success: boolean) => void;

/** A manager's side of `__tcfapi`: the stub's queue, then the real thing, as the specification has them. */
interface Cmp {
  readonly queue: unknown[][];
  readonly heard: Map<number, Callback>;
}
const cmps = new WeakMap<PlayedPage, Cmp>();
const cmpOf = (page: PlayedPage): Cmp => {
  const cmp = cmps.get(page) ?? { queue: [], heard: new Map() };
  cmps.set(page, cmp);
  return cmp;
};

const stub: Step = (page) => {
  page.__tcfapi = (...args: unknown[]) => cmpOf(page).queue.push(args);
};

/** The manager comes, and answers whoever waits. */
const load =
  (data: TcData): Step =>
  (page) => {
    const { queue, heard } = cmpOf(page);
    let ids = 0;
    page.__tcfapi = (command: string, _version: number, callback: Callback, id: number) => {
      if (command === 'addEventListener') {
        const listenerId = ++ids;
        heard.set(listenerId, (data, success) => callback(data && { ...data, listenerId }, success));
        callback({ ...data, listenerId }, true);
      } else if (command === 'removeEventListener') heard.delete(id);
      else throw new Error(`${command} is not to be called`);
    };
    for (const call of queue.splice(0)) (page.__tcfapi as (...args: unknown[]) => void)(...call);
  };

const fire =
  (data: TcData | null, success = true): Step =>
  (page) => {
    for (const callback of [...cmpOf(page).heard.values()]) callback(data, success);
  };

const done = (changes: object = {}): TcData => tcData(5, { eventStatus: 'useractioncomplete', ...changes });
const shown = tcData(5, { eventStatus: 'cmpuishown' });

const SIDES = ['purpose', 'publisher', 'custom'];
const none: Signals = Object.fromEntries(
  SIDES.flatMap((side) => Array.from({ length: 63 }, (_, index) => [`${side}.${index + 1}`, false])),
);
const granted = (side: string, ids: readonly number[]): Signals =>
  Object.fromEntries(ids.map((id) => [`${side}.${id}`, true]));
const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1);

/** What `tcData` says. */
const all: Signals = { ...none, ...granted('purpose', upTo(11)), ...granted('publisher', upTo(10)), 'custom.1': true };

const partial = done({ publisher: { consents: { 1: true, 8: true, 9: false } } });
const partialSignals: Signals = { ...none, ...granted('purpose', upTo(11)), ...granted('publisher', [1, 8]) };

consentSourceContract('tcf', {
  create: (page) => tcf({}, page),
  'late load': { steps: [stub, load(shown), fire(done())], reports: [undefined, all] },
  'double fire': {
    before: load(tcData(5)),
    steps: [fire(tcData(5)), fire(tcData(5))],
    reports: [all],
  },
  'partial choice': { before: load(shown), steps: [fire(partial)], reports: [undefined, partialSignals] },
  'stored choice': { before: load(tcData(5)), reports: [all] },
  blocked: { before: stub, reports: [], error: /not answered in 30 s/ },
  exception: {
    before: (page) => {
      page.__tcfapi = () => {
        throw new Error('broken CMP');
      };
    },
    reports: [undefined],
    error: /broken CMP/,
  },
  stopped: {
    before: load(tcData(5)),
    steps: [fire(shown), fire(done())],
    reports: [all],
    listeners: (page) => cmpOf(page).heard.size,
  },
  more: {
    'without any stub': { steps: [load(tcData(5))], reports: [all] },
    'opened again, and nothing changed': {
      before: load(tcData(5)),
      steps: [fire(shown), fire(done())],
      reports: [all, undefined, all],
    },
    withdrawn: {
      before: load(tcData(5)),
      steps: [fire(done({ purpose: { consents: {} }, publisher: { consents: {} } }))],
      reports: [all, none],
    },
    'broken later': {
      before: load(tcData(5)),
      steps: [fire(null, false)],
      reports: [all, {}],
      error: /reports an error/,
    },
    'nothing to call': {
      before: (page) => {
        page.__tcfapi = 'on its way';
      },
      reports: [undefined],
      error: /not a function/,
    },
  },
});

/** TCData, what of `audience`, `ads_measurement` and `crm_join` it grants by the default mapping, and what is said. */
type Row = readonly [what: string, data: object | null, grants: string, error?: RegExp, success?: boolean];
const ALL = 'audience personalisation ads_measurement ads_share';
const bad = /malformed/;

const ROWS: readonly Row[] = [
  ['policy 4, all consented', tcData(4), ALL],
  ['policy 5, all consented', tcData(5), ALL],
  ['policy 5, just chosen', done(), ALL],
  ['policy 4, no publisher consents: a framework for vendors alone', tcData(4, { publisher: {} }), ''],
  ['no purpose 1: no storage', tcData(5, { purpose: { consents: { 8: true, 9: true } } }), ''],
  ['nothing consented', tcData(5, { purpose: { consents: {} }, publisher: { consents: {} } }), ''],
  ['publisher purposes 1, 8 and 9', tcData(4, { publisher: { consents: { 1: true, 8: true, 9: true } } }), 'audience'],
  ['publisher purposes 1 and 8', tcData(4, { publisher: { consents: { 1: true, 8: true } } }), ''],
  [
    'legitimate interest alone',
    tcData(4, {
      purpose: { consents: {}, legitimateInterests: { 1: true, 8: true, 9: true } },
      publisher: { consents: {}, legitimateInterests: { 1: true, 8: true, 9: true } },
    }),
    '',
  ],
  [
    'consents that are no booleans',
    tcData(5, { purpose: { consents: { 1: 1 } }, publisher: { consents: { 1: 'true', 8: {}, 9: 1 } } }),
    '',
  ],
  ['a manager on show', shown, 'open'],
  ['a manager on show, policy 4', tcData(4, { eventStatus: 'cmpuishown' }), 'open'],
  ['nobody knows whether the GDPR applies', tcData(5, { gdprApplies: undefined }), 'open'],
  ['the GDPR does not apply', { gdprApplies: false, eventStatus: 'tcloaded', cmpStatus: 'loaded', listenerId: 1 }, ''],
  ['the GDPR applies in words', tcData(5, { gdprApplies: 'yes' }), '', bad],
  ['no event: the answer to the registration', tcData(5, { eventStatus: undefined }), 'silent'],
  ['an event that no standard has', tcData(5, { eventStatus: 'cmpuiclosed' }), 'silent'],
  ['a string for a group of sites', tcData(5, { isServiceSpecific: false }), '', /not of this site alone/],
  ['a string that does not say for whom', tcData(5, { isServiceSpecific: undefined }), '', /not of this site alone/],
  ['the CMP in error', tcData(5, { cmpStatus: 'error' }), '', /reports an error/],
  ['no success', tcData(5), '', /reports an error/, false],
  ['no data', null, '', /reports an error/],
  ['no string', tcData(5, { tcString: '' }), '', bad],
  ['a string that is none', tcData(5, { tcString: 12 }), '', bad],
  ['a string of TCF 1', tcData(5, { tcString: 'BOEFEAyOEFEAyAHABDENAI4AAAB9vABAASA' }), '', bad],
  ['a string of other letters', tcData(5, { tcString: `${tcString(5)}.<script>` }), '', bad],
  ['the longest string', tcData(5, { tcString: tcString(5).padEnd(LIMITS.consentStringChars, 'A') }), ALL],
  ['an oversized string', tcData(5, { tcString: tcString(5).padEnd(LIMITS.consentStringChars + 1, 'A') }), '', bad],
  ['no purposes', tcData(5, { purpose: undefined }), '', bad],
  ['purposes as text', tcData(5, { purpose: { consents: '11111111111' } }), ''],
];

/** The same, for a shop that is vendor 755. */
const VENDOR_ROWS: readonly Row[] = [
  ['policy 4, consented', tcData(4), ALL],
  ['policy 5, consented and disclosed', tcData(5), ALL],
  ['policy 5, not disclosed', tcData(5, { vendor: { consents: { 755: true }, disclosedVendors: { 8: true } } }), ''],
  ['policy 5, nobody disclosed', tcData(5, { vendor: { consents: { 755: true } } }), ''],
  ['policy 4, others disclosed', tcData(4, { vendor: { consents: { 755: true }, disclosedVendors: {} } }), ''],
  ['not consented', tcData(5, { vendor: { consents: {}, disclosedVendors: { 755: true } } }), ''],
  ['no vendors', tcData(5, { vendor: undefined }), ''],
  ['forbidden purpose 7', restricted({ 7: { 755: 0 } }), 'audience personalisation'],
  ['forbidden purpose 1', restricted({ 1: { 755: 0 } }), ''],
  ['must have consent', restricted({ 7: { 755: 1 } }), ALL],
  ['another forbidden', restricted({ 7: { 8: 0 } }), ALL],
];

function restricted(restrictions: object): object {
  const data = tcData(5);
  return { ...data, publisher: { ...data.publisher, restrictions } };
}

describe('TCData', () => {
  let error: ReturnType<typeof vi.spyOn>;
  let life: AbortController;
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
    error = vi.spyOn(console, 'error').mockImplementation(() => {});
    life = new AbortController();
  });
  afterEach(() => {
    life.abort();
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  const reportsOf = (data: object | null, vendorId?: number, success = true) => {
    const page = {
      __tcfapi: (_: string, _version: number, callback: (...args: unknown[]) => void) => callback(data, success),
    };
    const reports: [Signals | undefined, ChoiceDetails | undefined][] = [];
    tcf({ vendorId }, page).start((...told) => reports.push([told[0], told[1]]), life.signal);
    return reports;
  };

  const check = ([, data, grants, said, success]: Row, vendorId?: number): void => {
    const reports = reportsOf(data, vendorId, success);
    expect(reports).toHaveLength(grants === 'silent' ? 0 : 1);
    const choice = reports[0]?.[0] && choiceFrom(reports[0][0], DEFAULT_RULES.sources.tcf!);
    const granted = Object.entries(choice ?? {})
      .filter(([, is]) => is)
      .map(([purpose]) => purpose);
    expect(granted).toEqual(grants.split(' ').filter((word) => !['', 'open', 'silent'].includes(word)));
    expect(choice === undefined).toBe(['open', 'silent'].includes(grants));
    expect(error.mock.calls.map(String)).toEqual(said ? [expect.stringMatching(said)] : []);
  };

  it.each(ROWS.map((row) => [row[0], row] as const))('%s', (_, row) => check(row));
  it.each(VENDOR_ROWS.map((row) => [row[0], row] as const))('of a vendor: %s', (_, row) => check(row, 755));

  it('tells string, version, language, and the day of a choice of earlier days', () => {
    const [[, details] = []] = reportsOf(tcData(5));
    expect(details).toEqual({
      string: tcString(5),
      version: '7.2.5',
      language: 'en',
      at: Date.parse('2026-10-01T00:00:00Z'),
    });
    expect(reportsOf(tcData(4, { tcString: tcString(4, '2025-02-28T00:00:00Z') }))[0]?.[1]?.at).toBe(
      Date.parse('2025-02-28T00:00:00Z'),
    );
  });

  it('leaves the time of a choice of today to the clock: strings have its midnight', () => {
    expect(reportsOf(done())[0]?.[1]?.at).toBeUndefined();
    expect(reportsOf(tcData(5, { tcString: tcString(5, '2026-11-22T00:00:00Z') }))[0]?.[1]?.at).toBeUndefined();
  });

  it('never calls anything but the two commands of listeners', () => {
    const api = vi.fn();
    tcf({}, { __tcfapi: api }).start(() => {}, life.signal);
    api.mock.calls[0]?.[2](tcData(5), true);
    life.abort();
    expect(api.mock.calls.map(([command, version]) => [command, version])).toEqual([
      ['addEventListener', 2],
      ['removeEventListener', 2],
    ]);
    expect(api.mock.calls[1]?.[3]).toBe(1);
  });

  it('removes a listener that the stub kept until after the stop', () => {
    const api = vi.fn();
    tcf({}, { __tcfapi: api }).start(() => {}, life.signal);
    const [[, , told] = []] = api.mock.calls;
    life.abort();
    api.mockClear();
    told(tcData(5), true);
    expect(api.mock.calls).toEqual([['removeEventListener', 2, expect.any(Function), 1]]);
  });
});
