/**
 * What the tracker takes from the browser, so that a test may give it: `globalThis`, or as much of it as there is.
 * In a worker or on a server parts are missing, and storage may throw where it is blocked; both are done without.
 * The clock, timers and random numbers are the global ones, which a test replaces whole.
 */
export type Scope = Pick<typeof globalThis, 'fetch'> &
  Partial<
    Pick<
      Window & typeof globalThis,
      'addEventListener' | 'document' | 'history' | 'indexedDB' | 'localStorage' | 'location' | 'navigator'
    >
  >;

/** Hears one kind of event. Nothing happens where there is no such target. */
export type Listen = <E extends Event>(
  target: Partial<Pick<EventTarget, 'addEventListener'>> | undefined,
  type: string,
  heard: (event: E) => unknown,
) => void;

/**
 * Gives a `listen` whose listeners all end with the signal and never hold up the page. What they trip over (a form field
 * called `matches`, an object that cannot become a text) is lost and never reaches the page.
 *
 * @param capture hear on the way down, before the page's own listeners, which may stop an event or take its element away
 */
export const listenUntil =
  (signal: AbortSignal, capture = false): Listen =>
  (target, type, heard) =>
    target?.addEventListener?.(
      type,
      (event) => {
        try {
          heard(event as Parameters<typeof heard>[0]);
        } catch {
          // As if it had not happened.
        }
      },
      { signal, capture, passive: true },
    );
