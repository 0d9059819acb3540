import { type MicroClient, MicroTimeoutError } from '../connect_micro.ts';
import type { SeenEvent } from '../seen.ts';

/** Ms that one question to the collector waits at most; longer ones are asked in turns. */
const TURN_MS = 20_000;

/** Looks at the events of a type, again at each new one, until they are as wanted or the time is over. Gives the last look. */
export async function watch(
  micro: MicroClient,
  type: string,
  { ms, until }: { readonly ms: number; readonly until: (events: readonly SeenEvent[]) => boolean },
): Promise<readonly SeenEvent[]> {
  const deadline = performance.now() + ms;
  for (;;) {
    const events = await micro.events({ type });
    const left = Math.ceil(deadline - performance.now());
    if (until(events) || left <= 0) return events;
    try {
      await micro.wait({ type }, { count: events.length + 1, timeoutMs: Math.min(left, TURN_MS) });
    } catch (error) {
      if (!(error instanceof MicroTimeoutError)) throw error;
    }
  }
}
