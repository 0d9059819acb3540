import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
  type Request,
} from 'playwright-core';
import { chromiumArgs, findChromium } from '../../scripts/chromium.mjs';
import { LEAN_WINDOWS } from './lean_windows.ts';
import './window.ts';

/** One person's first visit: a fresh profile with one page, and everything that happened in it. */
export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** All requests so far, of all pages of the visit. */
  readonly requests: readonly Request[];
  /** Console errors (what a content security policy blocks is one) and uncaught errors. A test ends by expecting none. */
  readonly faults: readonly string[];
  /** Requests to an address of the collector, by path. */
  requestsTo(path: string): readonly Request[];
  /** What the page's origin keeps in this browser, apart from what is named `shop_…`, which the shop writes for itself. */
  stored(): Promise<Stored>;
  close(): Promise<void>;
}

export interface Stored {
  readonly cookies: readonly string[];
  readonly localStorage: readonly string[];
  readonly sessionStorage: readonly string[];
  readonly databases: readonly string[];
  readonly caches: readonly string[];
}

/** What `stored` gives where nothing is. */
export const NOTHING_STORED: Stored = { cookies: [], localStorage: [], sessionStorage: [], databases: [], caches: [] };

let shared: Promise<Browser> | undefined;

/**
 * Chromium without a window, launched once for all files that one worker runs. Nobody closes it: it ends with the worker, and
 * whatever a file left open in it is closed at the file's end (`after_file.ts`).
 *
 * @throws where there is none: `npm test` installs it, `node scripts/chromium.mjs` alone does too
 */
export function sharedBrowser(): Promise<Browser> {
  shared ??= launchBrowser();
  return shared;
}

/** One of its own, for a test that ends it. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium: run node scripts/chromium.mjs');
  return chromium.launch({ executablePath, args: [...chromiumArgs(), LEAN_WINDOWS] });
}

/** Closes every context of the shared browser, whose ones they are. */
export async function closeVisits(): Promise<void> {
  const contexts = (await shared)?.contexts() ?? [];
  await Promise.all(contexts.map((context) => context.close()));
}

/** Opens a visit in the shared browser: nothing of it is shared with others. */
export async function openVisit(options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await (await sharedBrowser()).newContext(options);
  const requests: Request[] = [];
  const faults: string[] = [];
  context.on('request', (request) => requests.push(request));
  context.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => faults.push(`uncaught: ${error.error().message}`));
  context.on('page', (page) => page.on('crash', () => faults.push('the page crashed')));
  const page = await context.newPage();
  return {
    context,
    page,
    requests,
    faults,
    requestsTo: (path) => requests.filter((request) => new URL(request.url()).pathname === path),
    stored: () => stored(page),
    close: () => context.close(),
  };
}

/**
 * The visitor's id as the page's tracker knows it, once it does: a grant waits for the policy, which may be later than the page,
 * and the stub that keeps calls until the script is there knows none.
 */
export async function visitorOf(page: Page): Promise<string> {
  return String(await (await page.waitForFunction(() => parcours.visitorId())).jsonValue());
}

async function stored(page: Page): Promise<Stored> {
  const cookies = await page.context().cookies();
  const inPage = await page.evaluate(async () => {
    const ours = (key: string): boolean => !key.startsWith('shop_');
    return {
      localStorage: Object.keys(localStorage).filter(ours),
      sessionStorage: Object.keys(sessionStorage).filter(ours),
      databases: (await indexedDB.databases()).map(({ name }) => name ?? ''),
      caches: await caches.keys(),
    };
  });
  return { cookies: cookies.map(({ name }) => name).filter((name) => !name.startsWith('shop_')), ...inPage };
}
