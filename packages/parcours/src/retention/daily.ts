import { utcDay } from '@parcours/store';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface DailyOptions {
  /** What is done; a rejection means that it is tried again in an hour. */
  readonly run: () => Promise<unknown>;
  /** When it last succeeded, ms since the epoch; undefined: never. */
  readonly lastAt: () => Promise<number | undefined>;
  /** Ms since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * Does something once on every UTC day, as it begins, and at once where today's is still to be done: a restart
 * neither loses a day nor repeats one. Looks once an hour, for a machine may sleep. Returns its stop, which waits for what is
 * in hand.
 */
export function startDaily({ run, lastAt, now = Date.now }: DailyOptions): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let working: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    try {
      const last = await lastAt();
      if (last === undefined || utcDay(last) !== utcDay(now())) await run();
    } catch {
      // Whoever runs it tells why.
    }
    if (stopped) return;
    timer = setTimeout(
      () => {
        working = look();
      },
      Math.min(HOUR_MS, DAY_MS - (now() % DAY_MS)),
    );
  };
  working = look();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await working;
  };
}
