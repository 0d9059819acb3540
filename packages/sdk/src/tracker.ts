import { observeSource } from './consent/observe_source.ts';
import { pageViews } from './observers/page_views.ts';
import { type CapturedEvent, optionFault, type TrackerOptions } from './options.ts';
import type { OpenDisk } from './queue/disk.ts';
import { openDisk as openIdb } from './queue/idb.ts';
import type { Scope } from './scope.ts';
import { serialise } from './serialise.ts';
import { startTracker } from './start_tracker.ts';
import type { Tracker } from './tracker_types.ts';

/** The trackers that live in this document, by site and endpoint: a second one would count everything twice. */
const living = new Map<string, Tracker>();

/**
 * Those that end with the present task. One that is made again before then goes on: React's StrictMode starts, stops and
 * starts each effect, and the page must be counted once.
 */
const stopping = new Set<Tracker>();

/**
 * Makes a site's tracker. Nothing is stored, read or sent before a grant; until then what happens is held in memory.
 * In one document there is one tracker per site and endpoint: a second call gives the first.
 *
 *     const tracker = createTracker({ endpoint: 'https://shop.example/v1/events', site: 'shop', key: 'pk_demo' });
 *     tracker.consent({ audience: true });
 *     tracker.track('search', { search_term: 'tent' });
 *
 * Throws at a wrong, missing or unknown option, `[parcours] option "endpoint" must be an absolute URL`, and never
 * afterwards: a loss becomes a counted drop.
 *
 * @param scope    the browser around it
 * @param openDisk where the queue outlives the page; called after a grant only
 */
export function createTracker(
  options: TrackerOptions,
  scope: Scope = globalThis,
  openDisk: OpenDisk = openIdb,
): Tracker {
  const fault = optionFault(options);
  if (fault) throw new TypeError(fault);
  const { endpoint, site, consent, beforeSend, onDrop, observers = [pageViews] } = options;

  const name = `${site} ${endpoint}`;
  const alive = scope.document && living.get(name);
  if (alive) {
    stopping.delete(alive);
    return alive;
  }

  const core = startTracker(
    {
      ...options,
      observers: consent ? [...observers, observeSource(consent)] : observers,
      encode: beforeSend && encoding(beforeSend),
    },
    scope,
    openDisk,
  );
  if (onDrop) core.onDrop(onDrop);
  const tracker: Tracker = {
    ...core,
    stop() {
      stopping.add(tracker);
      queueMicrotask(() => {
        if (!stopping.delete(tracker)) return;
        // Stopped twice, it must not take away the one that was made since.
        if (living.get(name) === tracker) living.delete(name);
        core.stop();
      });
    },
  };
  if (scope.document) living.set(name, tracker);
  return tracker;
}

/** What the hook makes of a copy. An event of which it makes another, or nothing, is dropped as `before_send`. */
const encoding =
  (beforeSend: NonNullable<TrackerOptions['beforeSend']>) =>
  (captured: CapturedEvent): string => {
    const text = serialise(captured);
    let event: CapturedEvent | null | undefined;
    try {
      event = beforeSend(JSON.parse(text));
    } catch {
      // As if it had let it go.
    }
    if (event?.event_id !== captured.event_id) throw Object.assign(new Error('let go'), { code: 'before_send' });
    return serialise(event);
  };
