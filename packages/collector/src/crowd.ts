import { processorMs, TURN } from './turn.ts';

/** For how many turns of the event loop requests are put off while new connections come: at most some 100 ms of processor time. */
export const GATHER_TURNS = 512;

/** How many requests may be put off at a time, each with the beginning of its body; beyond them one is refused at once. */
export const MOST_WAITING = 2_000;

export interface Crowd {
  /** A connection was taken from the system's queue. */
  connected(): void;
  /**
   * A request's head was read: `handle` is called, at once or a little later, and told whether there is no time for it.
   *
   * @param isFirst whether it is the first on its connection
   */
  arrived(handle: (isOverloaded: boolean) => void, isFirst: boolean): void;
}

/**
 * Lets a crowd in before any of it is served. Of the connections that wait in the system's queue Node takes one each turn of the
 * event loop (libuv, `uv__server_io`), so whoever handles a request in each turn never sees how many there are: nobody is
 * refused, all wait, and the longer the more come. Turns without work are short, so while connections come their requests are put off;
 * then they are handled in their order for as long as a turn may take (`TURN`), and what is left is refused.
 *
 * Whoever has a connection already, a proxy say, is not put off by a crowd: `mayTake` is asked at once.
 *
 * @param mayTake whether a request may be handled in this turn: `createTurns`
 * @param spentMs processor time since any point in time
 * @param atEnd   calls back when the turn is over
 */
export function createCrowd({
  mayTake,
  turn: { requests, ms } = TURN,
  gatherTurns = GATHER_TURNS,
  mostWaiting = MOST_WAITING,
  spentMs = processorMs,
  atEnd = setImmediate,
}: {
  readonly mayTake: () => boolean;
  readonly turn?: { readonly requests: number; readonly ms: number };
  readonly gatherTurns?: number;
  readonly mostWaiting?: number;
  readonly spentMs?: () => number;
  readonly atEnd?: (over: () => void) => void;
}): Crowd {
  const waiting: ((isOverloaded: boolean) => void)[] = [];
  let isGathering = false;
  /** Since the last turn ended. */
  let hasNew = false;
  let turns = 0;

  const gather = (): void => {
    if (isGathering) return;
    isGathering = true;
    turns = 0;
    atEnd(look);
  };

  const look = (): void => {
    const more = hasNew;
    hasNew = false;
    if (more && ++turns < gatherTurns) atEnd(look);
    else serve(waiting.splice(0), 0, undefined);
  };

  /** One each turn: what a request costs is known once its body was read and handled, two turns later at most. */
  const serve = (
    batch: readonly ((isOverloaded: boolean) => void)[],
    from: number,
    since: number | undefined,
  ): void => {
    let begun = since;
    for (let n = from; n < batch.length; n++) {
      if (n >= requests) begun ??= spentMs();
      const isOverloaded = begun !== undefined && spentMs() - begun > ms;
      batch[n]?.(isOverloaded);
      if (isOverloaded) continue;
      atEnd(() => serve(batch, n + 1, begun));
      return;
    }
    isGathering = false;
    if (waiting.length > 0) gather();
  };

  return {
    connected() {
      hasNew = true;
      gather();
    },
    arrived(handle, isFirst) {
      if (!isGathering || !isFirst) handle(!mayTake());
      else if (waiting.length < mostWaiting) waiting.push(handle);
      else handle(true);
    },
  };
}
