import { setTimeout as pause } from 'node:timers/promises';
import type { Choice, ConsentStatus } from '@parcours/sdk';
import type { Browser, Page } from 'playwright-core';
import '../../support/window.ts';
import { deviceFaults, isEmpty, MARKER, readDevice, waitingOn } from './device.ts';
import { Law, type Permitted, type Ruling } from './permitted.ts';
import { markWire, openRoad } from './road.ts';
import { wordsOf } from './seen.ts';
import { GRANTABLE, type Life, type Step, TABS, type Tab } from './steps.ts';
import { wireFaults } from './wire.ts';

/** One browser's life, lived in a real one. */
export interface LivedLife {
  /** What was kept, sent or lost against the law, in words; empty where nothing was. */
  readonly faults: readonly string[];
  /** What was permitted of each event at its best moment: no row may say more. */
  readonly everPermitted: Permitted;
  /** Events that the collector has taken. */
  readonly taken: ReadonlySet<number>;
}

export interface LifeOptions {
  readonly browser: Browser;
  /** Tells this life's events from those of others. */
  readonly name: string;
  readonly life: Life;
  /** Origin of the pages; every path is a page with the tracker. */
  readonly site: string;
  /** Origin of the collector. */
  readonly collector: string;
}

/**
 * Time in which tabs, device and collector must be as the law has it. A visitor's tabs agree within a second, which has a test of
 * its own; a machine that lives many lives at once, and other tests beside them, is slower.
 */
const PATIENCE_MS = 15_000;
/** Time in which what waits must arrive: a request without an answer is given up after 30 s, and what it had is sent again. */
const ARRIVE_MS = 45_000;
/** Between two looks: soon at first, since most is true at once, and seldom for what takes a while, which looking would slow. */
const LOOK_AGAIN_MS = { first: 20, most: 320 };
/** Longer than the tracker gathers events for a request. */
const WAIT_MS = 250;

export async function liveInBrowser({ browser, name, life, site, collector }: LifeOptions): Promise<LivedLife> {
  const { gpc, steps } = life;
  const words = wordsOf(name);
  const road = await openRoad(collector, name);
  const context = await browser.newContext(gpc ? { extraHTTPHeaders: { 'Sec-GPC': '1' } } : {});
  await context.addInitScript(markWire, gpc);
  const faults: string[] = [];
  context.on('request', (request) => {
    const { origin } = new URL(request.url());
    if (origin !== site && origin !== road.origin && origin !== 'null') faults.push(`request to ${request.url()}`);
  });
  const law = new Law(gpc);
  const tabs = new Map<Tab, Page>();
  const rulings: Ruling[] = [law.now()];
  let chosenAt = '';

  const everywhere = <T>(ask: (page: Page, tab: Tab) => Promise<T>): Promise<T[]> =>
    Promise.all([...tabs].map(([tab, page]) => ask(page, tab)));
  const tellStep = (page: Page): Promise<void> =>
    page.evaluate((step) => sessionStorage.setItem('shop_step', step), `${rulings.length - 1}`);

  const load = async (tab: Tab, number: number, campaign: boolean): Promise<void> => {
    const page = tabs.get(tab) ?? (await context.newPage());
    tabs.set(tab, page);
    const query = `?events=${road.origin}${campaign ? `&utm_source=${words.campaign(number)}&gclid=1` : ''}`;
    await page.goto(`${site}${words.page(number)}${query}`);
  };

  /** A stop is done when the call returns; a start may wait for the policy. */
  const choose = async (page: Page, tab: Tab, isRepeated: boolean): Promise<void> => {
    const granted = law.chosen();
    if (!granted) return;
    const choice = Object.fromEntries(GRANTABLE.map((purpose) => [purpose, granted.includes(purpose)])) as Choice;
    if (!isRepeated) chosenAt = new Date().toISOString();
    // Every other repeat leaves the date to the tracker, as many consent managers do.
    const details = isRepeated && rulings.length % 2 === 0 ? {} : { at: chosenAt };
    const told = await page.evaluate(
      ([step, choice, details]) => {
        sessionStorage.setItem('shop_step', step);
        parcours.consent(choice, details);
        return { status: parcours.consent(), kept: localStorage.getItem('pc_shop') };
      },
      [`${rulings.length - 1}`, choice, details] as const,
    );
    if (law.tab(tab) !== 'denied') return;
    if (told.status !== 'denied') faults.push(`tab ${tab} is still ${told.status} when the refusal returns`);
    if (told.kept !== null && !MARKER.test(told.kept)) faults.push(`kept when the refusal returns: ${told.kept}`);
  };

  const act = async (step: Extract<Step, { readonly tab: Tab }>, number: number | undefined): Promise<void> => {
    const page = tabs.get(step.tab);
    if (!page) return;
    if (step.do === 'choose' || step.do === 'report') await choose(page, step.tab, step.do === 'report');
    if (step.do === 'reset') await page.evaluate(() => parcours.reset());
    if (number === undefined) return;
    if (step.do === 'identify') await page.evaluate((id) => parcours.identify(id), words.customer(number));
    if (step.do === 'track') {
      const props = { n: words.event(number), taste: words.taste(number) };
      await page.evaluate((props) => parcours.track('lived', props), props);
    }
  };

  const take = async (step: Step): Promise<void> => {
    // What comes after a fault says nothing.
    if (faults.length > 0) return;
    const number = law.take(step);
    rulings.push(law.now());
    if (step.do === 'wait') await pause(WAIT_MS);
    else if (step.do === 'network') await turnNetwork(step.up);
    else if (step.do === 'load') await load(step.tab, number as number, step.campaign);
    else if (step.do === 'close') {
      const page = tabs.get(step.tab);
      tabs.delete(step.tab);
      await page?.close();
    } else await act(step, number);
    await comesTrue(nowFaults);
    await everywhere(tellStep);
  };

  const turnNetwork = async (isUp: boolean): Promise<void> => {
    road.isUp = isUp;
    if (isUp) await everywhere((page) => page.evaluate(() => void window.dispatchEvent(new Event('online'))));
  };

  /** Looks until nothing is wrong any more; what still is in the end is. */
  const comesTrue = async (look: () => Promise<readonly string[]>, patienceMs = PATIENCE_MS): Promise<void> => {
    if (faults.length > 0) return;
    const until = Date.now() + patienceMs;
    let found = await look();
    for (
      let ms = LOOK_AGAIN_MS.first;
      found.length > 0 && Date.now() < until;
      ms = Math.min(2 * ms, LOOK_AGAIN_MS.most)
    ) {
      await pause(ms);
      found = await look();
    }
    faults.push(...found.map((fault) => `${fault}, step ${rulings.length - 2}`));
  };

  /** What tabs and device are, and must not be now; and what is nowhere any more. */
  const nowFaults = async (): Promise<readonly string[]> => {
    const [page] = tabs.values();
    if (!page) return [];
    const [states, device] = await Promise.all([
      everywhere(async (page, tab) => [tab, await page.evaluate((): ConsentStatus => parcours.consent())] as const),
      readDevice(page, context),
    ]);
    const waiting = waitingOn(device, name);
    return [
      ...states.flatMap(([tab, is]) => (is === law.tab(tab) ? [] : [`tab ${tab} is ${is}, not ${law.tab(tab)}`])),
      ...deviceFaults(device, law.now(), name),
      ...missing(waiting).map((number) => `lost: event ${number} is neither kept nor taken`),
    ];
  };

  const missing = (waiting: ReadonlySet<number> = new Set()): readonly number[] =>
    law.due().filter((number) => !road.taken.has(number) && !waiting.has(number));

  /** With the network back, what is granted arrives, and what was taken back is gone, at the collector too. */
  const endFaults = async (): Promise<readonly string[]> => {
    if (!law.now().isTakenBack) {
      await everywhere((page) => page.evaluate(() => void parcours.flush()));
      return missing().map((number) => `lost: event ${number} does not arrive; refused before: ${road.refused}`);
    }
    const device = await readDevice(tabs.get(0) as Page, context);
    return isEmpty(device) ? [] : [`left after the refusal: ${JSON.stringify(device)}`];
  };

  try {
    for (const step of steps) await take(step);
    await take({ do: 'network', up: true });
    if (law.chosen() && !TABS.some((tab) => law.tab(tab) === 'granted')) {
      // Whoever comes back is asked nothing again: the consent manager repeats what it knows.
      await take({ do: 'load', tab: 0, campaign: false });
      await take({ do: 'report', tab: 0 });
    }
    if (law.chosen()) await comesTrue(endFaults, ARRIVE_MS);
    // What a tab that was stopped may still have under way.
    if (faults.length === 0) await pause(WAIT_MS);
    await comesTrue(nowFaults);
    faults.push(...road.passed.flatMap((passed) => wireFaults(passed, rulings, name)));
    return { faults, everPermitted: union(rulings), taken: road.taken };
  } finally {
    await context.close();
    await road.close();
  }
}

/** The best that was ever permitted of each event. */
function union(rulings: readonly Ruling[]): Permitted {
  const best: Map<number, ReadonlySet<string>> = new Map();
  for (const { permitted } of rulings) {
    for (const [number, purposes] of permitted) best.set(number, new Set([...(best.get(number) ?? []), ...purposes]));
  }
  return best as Permitted;
}
