import { expect, test } from 'vitest';
import { createRandom, type Random, testSeed } from '../../support/random.ts';
import type { Profile, Tab } from './drivers/browser.ts';
import type { Front } from './front.ts';
import { granted, holds, inEachBrowser, type World } from './world.ts';

const NAVIGATIONS = Number(process.env.TEST_NAVIGATIONS ?? 500);
const SEED = testSeed();
const PATHS = ['/a', '/b'] as const;

/** What may become of the network between two pages; the more often named the likelier. */
const WEATHER: readonly (readonly [name: string, come: (front: Front) => unknown])[] = [
  ['good', (front) => front.pass()],
  ['good', (front) => front.pass()],
  ['cut', (front) => front.cut()],
  ['refusing', (front) => front.pass().then(() => front.refuse(503, () => ({ 'retry-after': '1' })))],
  ['slow', (front) => front.pass().then(() => front.slow({ latencyMs: 300, bytesPerSecond: 50_000 }))],
  ['losing answers', (front) => front.pass().then(() => front.loseAnswers())],
];
/** One step in so many has another weather than the one before. */
const CHANGES = 8;

interface Way {
  readonly random: Random;
  readonly navigations: number;
}

interface Step {
  readonly weather: string;
  readonly move: string;
}

interface Walk {
  readonly events: readonly string[];
  /** By the event that each tracked. */
  readonly steps: ReadonlyMap<string, Step>;
}

/** A visitor who is always on the way: each page is left in the task that tracks. */
async function walk(world: World, profile: Profile, { random, navigations }: Way): Promise<Walk> {
  const pick = <T>(some: readonly T[]): T => some[random.below(some.length)]!;
  let tab: Tab = await world.visit('/a', profile);
  /** The pages of the tab so far: the last is shown. */
  let history: string[] = ['/a'];
  const events = ['page_view /a'];

  /** Each tracks event `n`, goes, and says where to. */
  const moves: Record<string, (n: number) => Promise<string>> = {
    async follow(n) {
      const path = pick(PATHS);
      events.push(`click ${history.at(-1)}`);
      await leave(tab, n, (path) => document.querySelector<HTMLAnchorElement>(`a[href="${path}"]`)!.click(), path);
      // A link to the page itself leaves no entry of its own.
      if (history.at(-1) !== path) history.push(path);
      return path;
    },
    async reload(n) {
      await leave(tab, n, () => location.reload());
      return history.at(-1)!;
    },
    async back(n) {
      await leave(tab, n, () => window.history.back());
      history.pop();
      return history.at(-1)!;
    },
    async change(n) {
      const path = pick(PATHS);
      const next = await profile.newTab();
      await next.goto(world.shop.origin + path);
      await granted(next);
      await leave(tab, n, () => {});
      await tab.close();
      tab = next;
      history = [path];
      return path;
    },
  };

  const steps = new Map<string, Step>();
  let weather = 'good';
  for (let n = 0; n < navigations; n++) {
    if (random.below(CHANGES) === 0) {
      const [name, come] = pick(WEATHER);
      weather = name;
      await come(world.front);
    }
    const left = history.at(-1)!;
    const wanted = pick(['follow', 'follow', 'follow', 'reload', 'back', 'change']);
    const move = wanted === 'back' && history.length < 2 ? 'reload' : wanted;
    const path = await moves[move]!(n);
    events.push(`burst ${left} ${n}`, `page_view ${path}`);
    steps.set(`burst ${left} ${n}`, { weather, move });
    await arrived(tab, path, n);
  }
  await world.front.pass();
  await tab.close();
  const last = await world.visit('/end', profile);
  // As the next event would: a disk that takes its time is not waited for by the first.
  await last.run(() => parcours.flush());
  return { events: [...events, 'page_view /end'], steps };
}

type Marked = { left?: number };

const leave = (tab: Tab, n: number, go: (path: string) => void, path = ''): Promise<void> =>
  tab
    .run(
      (n, go, path) => {
        parcours.track('burst', { n });
        (globalThis as Marked).left = n;
        // A function comes into the page as its text.
        new Function('path', `(${go})(path)`)(path);
      },
      n,
      `${go}`,
      path,
    )
    // The page may be gone before it can say that it is done. Were it not, its event would be missed in the end.
    .catch(() => {});

/** Resolves once the page is another than the one that was left by step `n`, and has its grant. */
const arrived = (tab: Tab, path: string, n: number): Promise<void> =>
  holds(
    tab,
    (path, n) =>
      (globalThis as Marked).left !== n &&
      location.pathname === path &&
      document.readyState === 'complete' &&
      parcours.visitorId() !== undefined,
    path,
    n,
  );

inEachBrowser((world) => {
  test(`${NAVIGATIONS} navigations in any weather (TEST_SEED=${SEED})`, { timeout: 400_000 }, async () => {
    const began = performance.now();
    const { events, steps } = await walk(world, await world.start(), {
      random: createRandom(SEED),
      navigations: NAVIGATIONS,
    });
    const tookMs = performance.now() - began;
    console.log(
      `${world.kind.name}: seed ${SEED}, ${NAVIGATIONS} navigations, ${events.length} events, ${(tookMs / 1_000).toFixed(0)} s`,
    );
    try {
      await world.storedOnce(events, 40_000);
    } catch (error) {
      const kept = new Set(await world.stored());
      console.log(
        'lost:',
        [...steps].filter(([event]) => !kept.has(event)),
      );
      throw error;
    }
    expect(events.length).toBeGreaterThan(2 * NAVIGATIONS);
  });
});
