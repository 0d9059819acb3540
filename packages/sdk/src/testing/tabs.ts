import type { TrackerOptions } from '../options.ts';
import type { Scope } from '../scope.ts';
import { createPage } from './page.ts';

/** Tabs of one browser: they share storage, disk and network, and hear of each other's writes only when they are `told`. */
export function createTabs() {
  const page = createPage();
  const tabs: EventTarget[] = [];
  let unheard: (() => void)[] = [];

  /** The origin's storage, as one tab has it. */
  const storageOf = (own: EventTarget) => {
    const change = (key: string, act: () => void): void => {
      const oldValue = localStorage.getItem(key);
      act();
      const newValue = localStorage.getItem(key);
      if (newValue === oldValue) return;
      for (const tab of tabs.filter((one) => one !== own)) {
        unheard.push(() => tab.dispatchEvent(new StorageEvent('storage', { key, oldValue, newValue })));
      }
    };
    return {
      getItem: (key: string) => localStorage.getItem(key),
      setItem: (key: string, value: string) => change(key, () => localStorage.setItem(key, value)),
      removeItem: (key: string) => change(key, () => localStorage.removeItem(key)),
    } as Storage;
  };

  return {
    ...page,
    open(options: Partial<TrackerOptions> = {}, overrides: Partial<Scope> = {}) {
      const tab = new EventTarget();
      tabs.push(tab);
      const addEventListener = tab.addEventListener.bind(tab) as Scope['addEventListener'];
      return page.open(options, { addEventListener, localStorage: storageOf(tab), ...overrides });
    },
    /** The page of a tab goes, counted in the order of their opening. */
    goes: (index: number): void => void tabs[index]?.dispatchEvent(new Event('pagehide')),
    /** Storage events reach the tabs, in their order. */
    told: (): void => {
      while (unheard[0]) {
        const events = unheard;
        unheard = [];
        for (const happen of events) happen();
      }
    },
  };
}

/** A policy that is on its way until it is let through. */
export function slowPolicy(fetch: Scope['fetch']) {
  let come = (): void => {};
  const way = new Promise<void>((resolve) => {
    come = resolve;
  });
  return {
    come: () => come(),
    fetch: (async (url, init) => {
      if (init?.method !== 'POST') await way;
      return fetch(url, init);
    }) as Scope['fetch'],
  };
}
