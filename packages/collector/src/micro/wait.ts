import type { SeenEvent } from './seen.ts';

/**
 * Resolves with the events that match as soon as there are enough, or with those that there are when the time is over.
 *
 * @param onChange tells when to look again; returns its unsubscribe
 * @param signal   the asker went away
 */
export function waitFor(
  look: () => readonly SeenEvent[],
  {
    count,
    timeoutMs,
    onChange,
    signal,
  }: {
    readonly count: number;
    readonly timeoutMs: number;
    readonly onChange: (listener: () => void) => () => void;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<readonly SeenEvent[]> {
  const first = look();
  if (first.length >= count || timeoutMs === 0 || signal?.aborted) return Promise.resolve(first);
  return new Promise((resolve) => {
    const end = (): void => {
      unsubscribe();
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve(look());
    };
    const timer = setTimeout(end, timeoutMs);
    const unsubscribe = onChange(() => {
      if (look().length >= count) end();
    });
    signal?.addEventListener('abort', end);
  });
}
