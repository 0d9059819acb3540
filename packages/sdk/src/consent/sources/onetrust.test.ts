import { expect, it, vi } from 'vitest';
import { onetrust } from './onetrust.ts';
import { consentSourceContract, type Step } from './testing/contract.ts';
import { createPlayedPage, type PlayedPage } from './testing/played_page.ts';

interface State {
  isClosed: boolean;
  isValid: boolean;
}
const states = new WeakMap<PlayedPage, State>();

const GROUPS = [
  { OptanonGroupId: 'C0001', CustomGroupId: 'C0001', Status: 'always active' },
  { OptanonGroupId: 'C0002', CustomGroupId: 'C0002', Status: 'inactive' },
  { CustomGroupId: 'C0004', Status: 'inactive' },
];

/** As the SDK tells it: the groups on the window, then the event with them. */
const tellGroups = (page: PlayedPage, groups: readonly string[], ...events: string[]): void => {
  page.OnetrustActiveGroups = `,${groups.join(',')},`;
  for (const event of events) page.dispatchEvent(new page.CustomEvent(event, { detail: groups }));
};

/** The SDK has its settings: it tells what is active, whether anybody chose or not. */
const load =
  (groups: readonly string[], state: Partial<State> = {}): Step =>
  (page) => {
    const known: State = { isClosed: false, isValid: true, ...state };
    states.set(page, known);
    page.OneTrust = Object.fromEntries<() => unknown>([
      ['IsAlertBoxClosed', () => known.isClosed],
      ['IsAlertBoxClosedAndValid', () => known.isClosed && known.isValid],
      ['GetDomainData', () => ({ Groups: GROUPS })],
    ]);
    tellGroups(page, groups, 'OneTrustGroupsUpdated');
  };

/** The banner is closed by a choice. */
const choose =
  (groups: readonly string[], events = ['OneTrustGroupsUpdated', 'OTConsentApplied']): Step =>
  (page) => {
    states.get(page)!.isClosed = true;
    tellGroups(page, groups, ...events);
  };

consentSourceContract('onetrust', {
  create: (page) => onetrust(page),
  'late load': {
    steps: [load(['C0001']), choose(['C0001', 'C0002', 'C0004'])],
    reports: [undefined, { C0002: true, C0004: true }],
  },
  'double fire': {
    before: load(['C0001']),
    steps: [choose(['C0001', 'C0002']), choose(['C0001', 'C0002'])],
    reports: [undefined, { C0002: true, C0004: false }],
  },
  'partial choice': {
    before: load(['C0001']),
    steps: [choose(['C0001', 'C0004'])],
    reports: [undefined, { C0002: false, C0004: true }],
  },
  'stored choice': { before: load(['C0001'], { isClosed: true }), reports: [{ C0002: false, C0004: false }] },
  blocked: {
    before: (page) => {
      // What the stub leaves where the SDK behind it never comes.
      page.OneTrust = {};
    },
    reports: [],
    error: /has not answered in 30 s/,
  },
  exception: {
    before: (page) => {
      page.OneTrust = Object.fromEntries([['IsAlertBoxClosed', () => true]]);
    },
    reports: [undefined],
    error: /GetDomainData is not a function/,
  },
  stopped: { before: load(['C0001']), steps: [choose(['C0001', 'C0002'])], reports: [undefined] },
  more: {
    'what is active by default before the choice is none': {
      before: load(['C0001', 'C0002', 'C0004']),
      reports: [undefined],
    },
    'a banner that closes after its groups are told': {
      before: load(['C0001']),
      steps: [
        (page) => tellGroups(page, ['C0001', 'C0002'], 'OneTrustGroupsUpdated'),
        choose(['C0001', 'C0002'], ['OTConsentApplied']),
      ],
      reports: [undefined, { C0002: true, C0004: false }],
    },
    'a stored choice that no longer stands': {
      before: load(['C0001', 'C0002'], { isClosed: true, isValid: false }),
      reports: [undefined],
    },
    'a change of mind': {
      before: load(['C0001', 'C0002'], { isClosed: true }),
      steps: [choose(['C0001'])],
      reports: [
        { C0002: true, C0004: false },
        { C0002: false, C0004: false },
      ],
    },
  },
});

it('onetrust tells when the banner was closed and the version of the settings, past cookies that cannot be decoded', () => {
  const report = vi.fn();
  const life = new AbortController();
  const page = createPlayedPage();
  page.document.cookie = 'odd=100%';
  page.document.cookie = 'OptanonConsent=isGpcEnabled=0&datestamp=Sun+Nov+01+2026&version=202409.1.0&hosts=';
  page.document.cookie = 'OptanonAlertBoxClosed=2026-11-01T08%3A00%3A00.000Z';
  load(['C0001', 'C0002'], { isClosed: true })(page);
  onetrust(page).start(report, life.signal);
  expect(report.mock.calls).toEqual([
    [
      { C0002: true, C0004: false },
      { at: '2026-11-01T08:00:00.000Z', version: '202409.1.0' },
    ],
  ]);
  life.abort();
});
