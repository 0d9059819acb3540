const WINDOW_MS = 60_000;
const PER_CLIENT = 10;
const OF_ALL = 100;

/** Counts wrong secrets, so that nobody can try many. */
export interface Guesses {
  /** Seconds that this client has to wait before its next try; 0 if it may try now. */
  waitSeconds(client: string): number;
  wrong(client: string): void;
}

/**
 * Ten wrong secrets a minute from one client, a hundred from all.
 *
 * @param now ms from any point in time
 */
export function createGuesses(now: () => number): Guesses {
  let endsAt = 0;
  let all = 0;
  // One window for everybody, so that the map is emptied every minute and holds a hundred names at most.
  const clients = new Map<string, number>();
  const roll = (): void => {
    if (now() < endsAt) return;
    endsAt = now() + WINDOW_MS;
    all = 0;
    clients.clear();
  };
  return {
    waitSeconds(client) {
      roll();
      const isFree = all < OF_ALL && (clients.get(client) ?? 0) < PER_CLIENT;
      return isFree ? 0 : Math.max(1, Math.ceil((endsAt - now()) / 1000));
    },
    wrong(client) {
      roll();
      all += 1;
      clients.set(client, (clients.get(client) ?? 0) + 1);
    },
  };
}
