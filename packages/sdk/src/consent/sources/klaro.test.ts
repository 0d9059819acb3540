import { expect, it, vi } from 'vitest';
import { type KlaroApi, klaro } from './klaro.ts';
import { consentSourceContract, type Step } from './testing/contract.ts';
import { createPlayedPage, type PlayedPage } from './testing/played_page.ts';

type Consents = Record<string, boolean>;
interface Watcher {
  update(manager: Manager, name: string, data?: unknown): void;
}

/** Klaro's manager as far as it concerns choices, after `src/consent-manager.js`. */
interface Manager {
  confirmed: boolean;
  consents: Consents;
  savedConsents: Consents;
  readonly config: { readonly services: { name: string; required?: boolean; default?: boolean }[] };
  readonly watchers: Set<Watcher>;
  watch(watcher: Watcher): void;
  unwatch(watcher: object): void;
}

const managers = new WeakMap<PlayedPage, Manager>();
const notify = (manager: Manager, name: string, data?: unknown): void => {
  for (const watcher of manager.watchers) watcher.update(manager, name, data);
};

const SERVICES = [{ name: 'session', required: true }, { name: 'parcours', default: true }, { name: 'ads' }];

const createManager = (stored: Consents | undefined): Manager => {
  const consents = stored ?? { session: true, parcours: true, ads: false };
  const manager: Manager = {
    confirmed: stored !== undefined,
    consents: { ...consents },
    savedConsents: { ...consents },
    config: { services: SERVICES },
    watchers: new Set(),
    watch: (watcher) => manager.watchers.add(watcher),
    unwatch: (watcher) => manager.watchers.delete(watcher as Watcher),
  };
  return manager;
};

/** The script is there. With settings at hand it is ready, else it waits for them; then it renders, each time it is shown. */
const load =
  (stored?: Consents, isConfigured = true): Step =>
  (page) => {
    const manager = createManager(stored);
    managers.set(page, manager);
    const rendered: ((config: object) => unknown)[] = [];
    page.klaro = {
      defaultConfig: isConfigured ? manager.config : undefined,
      getManager: (config?: object) => {
        if (!config) throw new TypeError('reading storageName of undefined');
        return manager;
      },
      addEventListener: (_: 'render', handler: (config: object) => unknown) => rendered.push(handler),
      version: () => '0.7.22',
    };
    page.render = () => {
      for (const handler of rendered) handler(manager.config);
    };
    if (isConfigured) (page.render as () => void)();
  };

const render: Step = (page) => (page.render as () => void)();

const flip =
  (consents: Consents): Step =>
  (page) => {
    const manager = managers.get(page)!;
    Object.assign(manager.consents, consents);
    notify(manager, 'consents');
  };

/** As `saveAndApplyConsents`, which the notice calls for its button, and a script with no type. */
const save =
  (consents: Consents, type = 'save'): Step =>
  (page) => {
    const manager = managers.get(page)!;
    flip(consents)(page);
    manager.confirmed = true;
    manager.savedConsents = { ...manager.consents };
    notify(manager, 'saveConsents', { consents: manager.consents, type });
    notify(manager, 'applyConsents');
  };

const reset: Step = (page) => {
  const manager = managers.get(page)!;
  manager.confirmed = false;
  notify(manager, 'applyConsents');
  notify(manager, 'consents');
};

consentSourceContract('klaro', {
  create: (page) => klaro({}, page),
  'late load': {
    steps: [load(), save({ parcours: true, ads: true })],
    reports: [undefined, { parcours: true, ads: true }],
  },
  'double fire': {
    before: load(),
    steps: [save({ ads: true }), save({ ads: true }, 'script'), render, save({ ads: true }, 'script')],
    reports: [undefined, { parcours: true, ads: true }],
  },
  'partial choice': {
    before: load(),
    steps: [save({ parcours: false, ads: true })],
    reports: [undefined, { parcours: false, ads: true }],
  },
  'stored choice': {
    before: load({ session: true, parcours: false, ads: false }),
    reports: [{ parcours: false, ads: false }],
  },
  blocked: { reports: [], error: /has not answered in 30 s/ },
  exception: {
    before: (page) => {
      page.klaro = { addEventListener: () => {}, defaultConfig: {} };
    },
    reports: [undefined],
    error: /getManager is not a function/,
  },
  stopped: {
    before: load(),
    steps: [save({ ads: true })],
    reports: [undefined],
    listeners: (page) => managers.get(page)!.watchers.size,
  },
  more: {
    'the same again, by a click: chosen now; by a script or the notice of one service: maybe long ago': {
      before: load({ session: true, parcours: true, ads: true }),
      steps: [save({}), save({}, 'script'), save({}, 'contextual-accept'), save({}, 'accept')],
      reports: [
        { parcours: true, ads: true },
        { parcours: true, ads: true },
        { parcours: true, ads: true },
      ],
      dates: [undefined, 1_000, 4_000],
    },
    'a switch that is moved and not saved is no choice': {
      before: load({ session: true, parcours: true, ads: false }),
      steps: [flip({ parcours: false, ads: true }), save({})],
      reports: [
        { parcours: true, ads: false },
        { parcours: false, ads: true },
      ],
    },
    'what is being changed when the source starts': {
      before: (page) => {
        load({ session: true, parcours: true, ads: false })(page);
        flip({ parcours: false, ads: true })(page);
      },
      reports: [{ parcours: true, ads: false }],
    },
    'settings that come from the server': {
      before: load({ session: true, parcours: true, ads: false }, false),
      steps: [render],
      reports: [{ parcours: true, ads: false }],
    },
    'a choice that is taken back by the page': {
      before: load({ session: true, parcours: true, ads: false }),
      steps: [reset],
      reports: [{ parcours: true, ads: false }, undefined],
    },
  },
});

it('klaro is watched once, however often it is shown', () => {
  const life = new AbortController();
  const page = createPlayedPage();
  load()(page);
  klaro({}, page).start(() => {}, life.signal);
  render(page);
  render(page);
  expect(managers.get(page)?.watchers.size).toBe(1);
  life.abort();
});

it('klaro tells its version, of the library that it is given', () => {
  const report = vi.fn();
  const life = new AbortController();
  const page = createPlayedPage();
  load({ session: true, parcours: true, ads: false })(page);
  const { klaro: api } = page as unknown as { klaro: KlaroApi };
  klaro({ api }, createPlayedPage()).start(report, life.signal);
  expect(report.mock.calls).toEqual([[{ parcours: true, ads: false }, { version: '0.7.22' }]]);
  life.abort();
});
