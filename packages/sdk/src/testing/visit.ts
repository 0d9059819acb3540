import { afterEach, beforeEach, vi } from 'vitest';
import type { Tracker } from '../tracker_types.ts';
import { createPage, pass, setHidden } from './page.ts';

type Page = ReturnType<typeof createPage>;

/** The page of a test, with its collector. New for each test of a file that calls {@link visitInEachTest}. */
export let page: Page;
/** The tracker that was opened last. */
export let tracker: Tracker;

/** Opens a tracker on the page. */
export const openTracker = (...args: Parameters<Page['open']>): Tracker => {
  tracker = page.open(...args);
  return tracker;
};

/** Goes on to another page. */
export const nextPage = async (...args: Parameters<Page['open']>): Promise<Tracker> => {
  tracker.stop();
  await pass(1);
  return openTracker(...args);
};

/** What the collector has taken, by type. */
export const types = (): string[] => page.collector.events().map(({ type }) => type);

/**
 * Gives each test of a file a page at `/`, an empty storage and a clock that stands until it is moved; and puts away what was
 * opened. Hooks of the file run after its start and before its end.
 *
 * @param opens whether a tracker is there at the start; else the test opens one
 */
export function visitInEachTest({ opens = true }: { readonly opens?: boolean } = {}): void {
  beforeEach(() => {
    localStorage.clear();
    history.replaceState({}, '', '/');
    vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
    page = createPage();
    if (opens) openTracker();
  });
  afterEach(async () => {
    if (document.hidden) setHidden(false);
    page.collector.set('up');
    tracker.consent({});
    tracker.stop();
    await pass(1);
    vi.restoreAllMocks();
    vi.useRealTimers();
  });
}
