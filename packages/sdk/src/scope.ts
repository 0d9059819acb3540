type Everything = Window & typeof globalThis;

/**
 * What the tracker takes from the browser, so that a test may give it: `globalThis`, or as much of it as there is.
 * In a worker or on a server parts are missing, and storage may throw where it is blocked; both are done without.
 */
export type Scope = Pick<Everything, 'AbortSignal' | 'Date' | 'Math' | 'crypto' | 'fetch'> &
  Partial<
    Pick<Everything, 'addEventListener' | 'document' | 'history' | 'indexedDB' | 'localStorage' | 'location' | 'navigator'>
  > & {
    setTimeout(run: () => void, ms: number): unknown;
    clearTimeout(timer: unknown): void;
  };

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
