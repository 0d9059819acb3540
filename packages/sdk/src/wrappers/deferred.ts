import type { TrackerOptions } from '../options.ts';
import { createTracker } from '../tracker.ts';
import type { Track, Tracker } from '../tracker_types.ts';

/** A tracker that components hold before it runs: on the server, and in the browser until the app is mounted. */
export interface Deferred {
  readonly tracker: Tracker;
  /**
   * Runs it, first with the calls that waited; gives the stop. Stop and start in one task, as by React's StrictMode or a
   * hot update, go on with the same tracker. Nothing happens on a server. Wrong options are one error on the console and
   * a tracker that does nothing: thrown in a component they would take the whole page away.
   */
  start(options: TrackerOptions): () => void;
}

/** Calls that wait at most, as many as events are held before a choice; later ones are lost. */
const MOST = 50;

/** Makes one. Nothing is begun; on a server its methods do nothing and remember nothing. */
export function createDeferred(): Deferred {
  const isBrowser = typeof document === 'object';
  let running: Tracker | undefined;
  let waiting: ((tracker: Tracker) => void)[] = [];

  const soon = (call: (tracker: Tracker) => void): void => {
    if (running) call(running);
    else if (isBrowser && waiting.length < MOST) waiting.push(call);
  };

  const tracker: Tracker = {
    track: ((...args: Parameters<Track>) => soon(({ track }) => track(...args))) as Track,
    page: () => soon(({ page }) => page()),
    consent: ((...args: [] | Parameters<Tracker['consent']>) => {
      if (args.length) soon(({ consent }) => consent(...(args as Parameters<Tracker['consent']>)));
      return running?.consent() ?? 'pending';
    }) as Tracker['consent'],
    identify: (known) => soon(({ identify }) => identify(known)),
    observe: (observer) => soon(({ observe }) => observe(observer)),
    reset: () => soon(({ reset }) => reset()),
    flush: async () => running?.flush(),
    stop: () => running?.stop(),
    onDrop: (listener) => {
      let isOver = false;
      soon(({ onDrop }) => onDrop((...lost) => isOver || listener(...lost)));
      return () => {
        isOver = true;
      };
    },
    visitorId: () => running?.visitorId(),
  };

  return {
    tracker,
    start(options) {
      if (!isBrowser) return () => {};
      try {
        running = createTracker(options);
      } catch (error) {
        console.error(error);
      }
      const calls = waiting;
      waiting = [];
      for (const call of calls) soon(call);
      return () => running?.stop();
    },
  };
}
