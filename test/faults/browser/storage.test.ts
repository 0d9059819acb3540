import { describe, expect, test } from 'vitest';
import type { Profile, Tab } from './drivers/browser.ts';
import { burst, bursts, inEachBrowser, loaded, type World } from './world.ts';

/** As in a frame without an origin, and in some browsers' settings. */
const THROWS = `for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
  Object.defineProperty(window, name, { get() { throw new DOMException('not here', 'SecurityError'); } });
  LockManager.prototype.request = () => Promise.reject(new DOMException('not here', 'SecurityError'));`;

/** Everything is there and nothing may be written. */
const FULL = `const full = () => { throw new DOMException('full', 'QuotaExceededError'); };
  Storage.prototype.setItem = full; IDBObjectStore.prototype.put = full; IDBObjectStore.prototype.add = full;`;

/** The database opens, and each write fails when its transaction does. */
const BREAKS = `const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...args) { const done = put.apply(this, args); this.transaction.abort(); return done; };`;

/** The database is never there, and does not say so either. */
const SILENT = 'IDBFactory.prototype.open = () => new EventTarget();';

const KINDS: readonly [name: string, start: (world: World) => Promise<Profile>][] = [
  ['the visitor blocks cookies', (world) => world.start(undefined, { blocksCookies: true })],
  ['the window is private', (world) => world.start(undefined, { isPrivate: true })],
  ...(
    [
      ['storage throws', THROWS],
      ['storage is full', FULL],
      ['writes fail late', BREAKS],
      ['the database is silent', SILENT],
    ] as const
  ).map(([name, code]): (typeof KINDS)[number] => [
    name,
    (world) => {
      world.shop.setCode(code);
      return world.start();
    },
  ]),
];

inEachBrowser((world) => {
  /**
   * Closes a tab. In Firefox it goes to another page instead: of a closed tab the process may end before the request of its last moment has
   * left (once in a dozen runs), and without a disk there is nothing to send it again from.
   */
  const leave = async (tab: Tab): Promise<void> => {
    if (world.kind.name !== 'firefox') return tab.close();
    await tab.run(() => document.querySelector<HTMLAnchorElement>('a[href="/outside"]')!.click());
    await loaded(tab, '/outside');
  };
  const leavesClick = (): readonly string[] => (world.kind.name === 'firefox' ? ['click /last'] : []);

  describe.each(KINDS)('%s', (_name, start) => {
    test('all is stored: at rest, after an outage, and what a page leaves behind', async () => {
      const profile = await start(world);
      const tab = await world.visit('/start', profile);
      await burst(tab, 5);
      await world.storedOnce(['page_view /start', ...bursts('/start', 5)]);

      await world.front.cut();
      await tab.run(() => {
        for (let n = 5; n < 10; n++) parcours.track('burst', { n });
      });
      await tab.run(() => parcours.flush());
      await world.front.pass();
      await world.storedOnce(['page_view /start', ...bursts('/start', 10)]);

      await tab.run(() => {
        parcours.track('burst', { n: 10 });
        document.querySelector<HTMLAnchorElement>('a[href="/outside"]')!.click();
      });
      await loaded(tab, '/outside');
      await world.storedOnce(['page_view /start', ...bursts('/start', 11), 'click /start']);

      const last = await world.visit('/last', profile);
      await burst(last, 1);
      await leave(last);
      await world.storedOnce([
        ...['page_view /start', ...bursts('/start', 11), 'click /start'],
        ...['page_view /last', 'burst /last 0', ...leavesClick()],
      ]);
    });
  });

  test('blocked is blocked: the visitor who blocks cookies has nothing on the device', async () => {
    const tab = await world.visit('/start', await world.start(undefined, { blocksCookies: true }));
    await world.answered(1);
    expect(
      await tab.run(() => {
        try {
          return Object.keys(localStorage ?? {});
        } catch {
          return [];
        }
      }),
    ).toEqual([]);
  });
}, undefined);
