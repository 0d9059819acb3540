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

/** Gives a `listen` whose listeners all end with the signal. */
export const listenUntil =
  (signal: AbortSignal): Listen =>
  (target, type, heard) =>
    target?.addEventListener?.(type, heard as EventListener, { signal });
