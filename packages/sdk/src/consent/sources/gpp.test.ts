import { choiceFrom, DEFAULT_RULES, LIMITS, type Signals } from '@parcours/protocol';
import { expect, it } from 'vitest';
import { gpp } from './gpp.ts';
import { consentSourceContract, type Step } from './testing/contract.ts';
import type { PlayedPage } from './testing/played_page.ts';

type Callback = (event: unknown, success: boolean) => void;

interface Cmp {
  readonly heard: Map<number, Callback>;
  ping: object;
}
const cmps = new WeakMap<PlayedPage, Cmp>();
const cmpOf = (page: PlayedPage): Cmp => {
  const cmp = cmps.get(page) ?? { heard: new Map(), ping: {} };
  cmps.set(page, cmp);
  return cmp;
};

/** `__gpp` as the specification has it, for the stub as for the manager: listeners are answered at once. */
const put =
  (ping: object): Step =>
  (page) => {
    const cmp = cmpOf(page);
    cmp.ping = ping;
    page.__gpp = (command: string, callback: Callback, id: number) => {
      if (command === 'addEventListener') {
        const listenerId = cmp.heard.size + 1;
        cmp.heard.set(listenerId, callback);
        callback({ eventName: 'listenerRegistered', listenerId, data: true, pingData: cmp.ping }, true);
      } else if (command === 'removeEventListener') cmp.heard.delete(id);
      else throw new Error(`${command} is not to be called`);
    };
  };

const fire =
  (eventName: string, ping: object): Step =>
  (page) => {
    const cmp = cmpOf(page);
    cmp.ping = ping;
    for (const [listenerId, callback] of [...cmp.heard]) {
      callback({ eventName, listenerId, data: 'ready', pingData: ping }, true);
    }
  };

const stub = { gppVersion: '1.1', cmpStatus: 'stub', signalStatus: 'not ready', applicableSections: [], gppString: '' };
const optOuts = { SaleOptOutNotice: 1, SaleOptOut: 2, SharingOptOut: 2, TargetedAdvertisingOptOut: 0 };
const ready = (changes: object = {}) => ({
  gppVersion: '1.1',
  cmpStatus: 'loaded',
  cmpDisplayStatus: 'hidden',
  signalStatus: 'ready',
  supportedAPIs: ['2:tcfeuv2', '7:usnat'],
  cmpId: 7,
  applicableSections: [7],
  gppString: 'DBABLA~BVQVAAAAAg',
  parsedSections: { usnat: optOuts },
  ...changes,
});
const shown = ready({ cmpDisplayStatus: 'visible', signalStatus: 'not ready' });
const yes = { 'usnat.SaleOptOut': true, 'usnat.SharingOptOut': true };
const no = { 'usnat.SaleOptOut': false, 'usnat.SharingOptOut': false };
const objected = ready({ parsedSections: { usnat: { ...optOuts, SaleOptOut: 1, SharingOptOut: 1 } } });

consentSourceContract('gpp', {
  create: (page) => gpp(page),
  'late load': {
    steps: [put(stub), fire('cmpStatus', shown), fire('signalStatus', ready())],
    reports: [undefined, yes],
  },
  'double fire': {
    before: put(ready()),
    steps: [fire('sectionChange', ready()), fire('signalStatus', ready())],
    reports: [yes],
  },
  'partial choice': {
    before: put(ready({ parsedSections: { usnat: { SaleOptOut: 2, SharingOptOut: 0 } } })),
    reports: [{ 'usnat.SaleOptOut': true }],
  },
  'stored choice': { before: put(ready()), reports: [yes] },
  blocked: { before: put(stub), reports: [], error: /has not answered in 30 s/ },
  exception: {
    before: (page) => {
      page.__gpp = () => {
        throw new Error('broken CMP');
      };
    },
    reports: [undefined],
    error: /broken CMP/,
  },
  stopped: {
    before: put(ready()),
    steps: [fire('signalStatus', objected)],
    reports: [yes],
    listeners: (page) => cmpOf(page).heard.size,
  },
  more: {
    'opened again, and answered the same: chosen now': {
      before: put(ready()),
      steps: [
        fire('signalStatus', ready({ signalStatus: 'not ready' })),
        fire('cmpDisplayStatus', shown),
        fire('cmpDisplayStatus', ready({ signalStatus: 'not ready' })),
        fire('sectionChange', ready({ signalStatus: 'not ready' })),
        fire('signalStatus', ready()),
      ],
      reports: [yes, undefined, yes],
      dates: [undefined, undefined, 4_000],
    },
    'opened again, and closed without an answer': {
      before: put(ready()),
      steps: [fire('cmpDisplayStatus', shown), fire('signalStatus', ready()), fire('sectionChange', ready())],
      reports: [yes, undefined, yes],
      dates: [undefined, undefined, undefined],
    },
    'a stored choice, its sections told one by one': {
      before: put(ready({ cmpStatus: 'loaded', signalStatus: 'not ready' })),
      steps: [fire('sectionChange', ready({ signalStatus: 'not ready' })), fire('signalStatus', ready())],
      reports: [undefined, yes],
      dates: [undefined, undefined],
    },
    'opened again, and objected': {
      before: put(ready()),
      steps: [fire('cmpDisplayStatus', shown), fire('signalStatus', objected)],
      reports: [yes, undefined, no],
    },
    'no section known to apply': {
      before: put(ready({ applicableSections: [-1] })),
      steps: [
        fire('signalStatus', ready({ applicableSections: [] })),
        fire('signalStatus', ready({ applicableSections: [0] })),
      ],
      reports: [undefined],
    },
    'a section that does not apply here is not read': {
      before: put(ready({ applicableSections: [2] })),
      reports: [{}],
    },
    'segments of a section, lists by their place, and no list of vendors': {
      before: put(
        ready({
          applicableSections: [2],
          parsedSections: {
            tcfeuv2: [
              { PurposeConsents: [true, false], VendorConsents: [2, 755], Version: 2, ConsentLanguage: 'FR' },
              { PublisherConsents: [true], NumCustomPurposes: 1 },
            ],
          },
        }),
      ),
      reports: [
        {
          'tcfeuv2.PurposeConsents.1': true,
          'tcfeuv2.PurposeConsents.2': false,
          'tcfeuv2.PublisherConsents.1': true,
        },
      ],
    },
    'sensitive data: 1 is no consent, 2 is one, anything else unknown': {
      before: put(
        ready({ parsedSections: { usnat: { SensitiveDataProcessing: [0, 1, 2, '1', 3], MspaCoveredTransaction: 2 } } }),
      ),
      reports: [
        {
          'usnat.SensitiveDataProcessing.2': false,
          'usnat.SensitiveDataProcessing.3': true,
          'usnat.SensitiveDataProcessing.4': false,
        },
      ],
    },
    'the manager in error': {
      before: put(ready()),
      steps: [fire('cmpStatus', ready({ cmpStatus: 'error' })), fire('error', ready())],
      reports: [yes, {}],
      error: /reports an error/,
    },
    'an oversized string': {
      before: put(ready({ gppString: 'D'.repeat(LIMITS.consentStringChars + 1) })),
      reports: [{}],
      error: /malformed/,
    },
  },
});

it('maps its European section by default as TCF is mapped, and no American one', () => {
  const { gpp: mapping = {} } = DEFAULT_RULES.sources;
  const names = Object.values(mapping).flat() as string[];
  expect(choiceFrom(Object.fromEntries(names.map((name) => [name, true])), mapping)).toEqual({
    audience: true,
    personalisation: true,
    ads_measurement: true,
    ads_share: true,
  });
  const american: Signals = yes;
  expect(choiceFrom(american, mapping)).toEqual({});
});
