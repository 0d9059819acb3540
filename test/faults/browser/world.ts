import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { freePort } from '../../support/free_port.ts';
import { type Program, type Row, startProgram } from '../../support/program.ts';
import type { BrowserKind, Profile, Tab } from './drivers/browser.ts';
import { firefox } from './drivers/firefox.ts';
import { BROWSERS } from './drivers/index.ts';
import { type Front, type Passage, startFront } from './front.ts';
import { type Shop, startShop } from './shop.ts';
import '../../support/window.ts';

/** What a test has around it: the program as built, what goes wrong before it, pages of an origin of their own, and a browser. */
export interface World {
  readonly kind: BrowserKind;
  readonly front: Front;
  readonly shop: Shop;
  /** A new folder for a browser to keep things in. */
  folder(): Promise<string>;
  /** Starts a browser of its own, which is ended with the test. Default: on a new folder. */
  start(...args: Partial<Parameters<BrowserKind['open']>>): Promise<Profile>;
  /** A page in the browser that tests of a file share, or in another, with its grant. */
  visit(path: string, profile?: Profile): Promise<Tab>;
  /** Resolves once the collector has answered for as many events of this test, each counted once. */
  answered(count: number, patienceMs?: number): Promise<void>;
  /**
   * The law: exactly these events of the test are stored, each once. Waits until the collector has answered for as many.
   * Events as in `page_view /a` and, where the test numbers them, `burst /a 3`.
   */
  storedOnce(events: readonly string[], patienceMs?: number): Promise<void>;
  /** Resolves once as many events are stored as the collector has answered for: a row comes a moment after its answer. */
  allStored(): Promise<void>;
  /** Columns of what is stored of the test now. */
  rows(columns: string, where?: string): Promise<readonly Row[]>;
  /** What is stored of the test now, as in {@link storedOnce}, in order. */
  stored(): Promise<readonly string[]>;
}

/** Tests run one after another in a file, so each has an origin and with it a storage of its own. */
const ORIGINS = 24;
const PATIENCE_MS = 15_000;

let program: Program | undefined;
let ports: number[] = [];

/** Tests that hold in every browser. The program is one for a file, the front and the shop are new for each test. */
export function inEachBrowser(tests: (world: World) => void, kinds: readonly BrowserKind[] = BROWSERS): void {
  describe.each(kinds)('$name', (kind) => {
    let shared: Promise<Profile> | undefined;
    let sharedFolder: string | undefined;
    let front: Front;
    let shop: Shop;
    let endings: (() => Promise<unknown>)[];

    beforeAll(async () => {
      ports = await Promise.all(Array.from({ length: ORIGINS }, freePort));
      program = await startProgram({ origins: ports.map((port) => `http://localhost:${port}`) });
    });
    afterAll(async () => {
      await (await shared)?.kill();
      await program?.stop();
      if (sharedFolder) await rm(sharedFolder, { recursive: true, force: true, maxRetries: 5 });
    });
    beforeEach(async () => {
      front = await startFront(program!.collector);
      shop = await startShop({ port: ports.pop()!, endpoint: `${front.origin}/v1/events` });
      endings = [];
    });
    afterEach(async () => {
      for (const end of endings.reverse()) await end();
      await front.close();
      await shop.close();
      expect(shop.faults).toEqual([]);
    });

    const folder = async (): Promise<string> => {
      const made = await newFolder();
      endings.push(() => rm(made, { recursive: true, force: true, maxRetries: 5 }));
      return made;
    };

    const open = async (at: string, options?: Parameters<BrowserKind['open']>[1]): Promise<Profile> => {
      const profile = await kind.open(at, options);
      let isOver = false;
      const once = (end: () => Promise<void>) => async () => {
        if (!isOver) await end();
        isOver = true;
      };
      const guarded = { ...profile, quit: once(profile.quit), kill: once(profile.kill) };
      endings.push(guarded.kill);
      return guarded;
    };

    /** Ended with the file, and its tabs with their test. */
    const sharedProfile = (): Promise<Profile> => {
      shared ??= newFolder().then((made) => {
        sharedFolder = made;
        return kind.open(made);
      });
      return shared;
    };

    const rows: World['rows'] = (columns, where = 'true') =>
      program!.query(`SELECT ${columns} FROM events WHERE url LIKE '${shop.origin}/%' AND ${where}`);

    const stored = async (): Promise<string[]> =>
      (await rows("event_id, type, path, props->>'n' AS n"))
        .map(({ type, path, n }) => [type, path, n].filter((part) => part !== null).join(' '))
        .sort();

    const answered = async (count: number, patienceMs = PATIENCE_MS): Promise<void> => {
      await expect.poll(() => settledIn(front.batches).size, { timeout: patienceMs, interval: 20 }).toBe(count);
    };

    tests({
      kind,
      get front() {
        return front;
      },
      get shop() {
        return shop;
      },
      folder,
      start: async (at, options) => open(at ?? (await folder()), options),
      async visit(path, profile) {
        const tab = await (profile ?? (await sharedProfile())).newTab();
        if (!profile) endings.push(() => tab.close().catch(() => {}));
        await tab.goto(shop.origin + path);
        await granted(tab);
        return tab;
      },
      answered,
      rows,
      stored,
      allStored: () => expect.poll(async () => (await stored()).length - settledIn(front.batches).size).toBe(0),
      async storedOnce(events, patienceMs) {
        await answered(events.length, patienceMs).catch(() => {});
        await expect.poll(stored, { timeout: PATIENCE_MS }).toEqual([...events].sort());
      },
    });
  });
}

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'parcours-browser-'));

/** The events that the collector has answered for. */
export const settledIn = (batches: readonly Passage[]): Set<string> =>
  new Set(
    batches.flatMap(({ reply }) =>
      (reply?.results ?? []).filter(({ status }) => status !== 'retry').map(({ event_id }) => event_id ?? ''),
    ),
  );

/** Event ids that were brought to the collector more than once, and answered each time. */
export const copiesIn = (batches: readonly Passage[]): string[] => {
  const ids = batches.filter(({ status }) => status === 200).flatMap(({ events }) => events.map((one) => one.event_id));
  return ids.filter((id, index) => ids.indexOf(id) !== index);
};

/** Resolves once something is so in a page. One that is on its way to another answers nothing, and is asked again. */
export async function holds<Args extends readonly unknown[]>(
  tab: Tab,
  ask: (...args: Args) => boolean,
  ...args: Args
): Promise<void> {
  const now = (): Promise<boolean> => tab.run(ask, ...args).catch(() => false);
  await expect.poll(now, { timeout: PATIENCE_MS, interval: 20 }).toBe(true);
}

/** Resolves once the page's choice holds. */
export const granted = (tab: Tab): Promise<void> => holds(tab, () => parcours.visitorId() !== undefined);

/** Resolves once the tab shows the page of this path, loaded. */
export const loaded = (tab: Tab, path: string): Promise<void> =>
  holds(tab, (path) => location.pathname === path && document.readyState === 'complete', path);

/** Tracks so many events in one task, numbered from `first`. */
export const burst = (tab: Tab, count: number, first = 0): Promise<void> =>
  tab.run(
    (count, first) => {
      for (let n = first; n < first + count; n++) parcours.track('burst', { n });
    },
    count,
    first,
  );

/** What {@link burst} leaves, as the law words it. */
export const bursts = (path: string, count: number, first = 0): string[] =>
  Array.from({ length: count }, (_, n) => `burst ${path} ${first + n}`);

/**
 * The page view of one page more, in Firefox alone: it now and then ends a tab's process before the request has left it, and then
 * the next page brings what it left (decision 35).
 */
export async function pageAfter(world: World): Promise<readonly string[]> {
  if (world.kind !== firefox) return [];
  await world.visit('/back');
  return ['page_view /back'];
}
