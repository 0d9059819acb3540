import { vi } from 'vitest';
import type { TrackerOptions } from '../options.ts';
import type { Scope } from '../scope.ts';
import { createTracker } from '../tracker.ts';
import { createCollector, POLICY } from './collector.ts';
import { createDisks } from './disk.ts';

let sites = 0;

/** A page of happy-dom with a collector, a disk and storage of its own; open a tracker on it with `open`. */
export function createPage() {
  const collector = createCollector();
  const disks = createDisks();
  const site = `s${sites++}`;
  const beacon = vi.fn((_url: string | URL, _body?: BodyInit | null) => true);
  /** Locks of one origin, as Web Locks give them: one at a time, in order. */
  let tail: Promise<unknown> = Promise.resolve();
  const request = vi.fn((_name: string, _options: unknown, work: () => Promise<unknown>) => {
    const mine = tail.then(work);
    tail = mine.catch(() => {});
    return mine;
  });
  const indexedDB = { deleteDatabase: vi.fn((name: string) => disks.erase(name)) };
  const scope = (overrides: { readonly [name in keyof Scope]?: Scope[name] | undefined } = {}): Scope =>
    ({
      fetch: collector.fetch,
      addEventListener: window.addEventListener.bind(window),
      document,
      history,
      location,
      localStorage,
      indexedDB,
      navigator: { sendBeacon: beacon, locks: { request } },
      ...overrides,
    }) as unknown as Scope;
  const open = (
    options: Partial<TrackerOptions> = {},
    overrides: { readonly [name in keyof Scope]?: Scope[name] | undefined } = {},
  ) =>
    createTracker(
      {
        endpoint: `https://collect.example/${sites++}/v1/events`,
        site,
        key: 'pk',
        observers: [],
        policy: POLICY,
        ...options,
      },
      scope(overrides),
      disks.open,
    );
  return { collector, disks, site, beacon, indexedDB, scope, open, name: `parcours-${site}`, idKey: `pc_${site}` };
}

/** Lets everything happen that is due within so many ms. */
export const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

/** Shows or hides the page, as a visitor does who changes tabs. */
export function setHidden(hidden: boolean): void {
  Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}
