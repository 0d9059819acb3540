import type { ControlFeed } from '@parcours/store/control';

export interface FollowChangesOptions {
  readonly feed: ControlFeed;
  /** Kinds of records after which it is done again. */
  readonly kinds: NonNullable<Parameters<ControlFeed['onChange']>[1]>;
  /** Told of what failed: it is tried again. */
  readonly onError: (error: unknown) => void;
  /** Ms after which it is tried again. Default 5000. */
  readonly retryMs?: number | undefined;
}

/**
 * Does something with what is recorded: once before it resolves, and then within a second of each record of the kinds, one
 * after the other. Returns its stop, which waits for what is in hand.
 */
export async function followChanges(
  apply: () => Promise<void>,
  { feed, kinds, onError, retryMs = 5_000 }: FollowChangesOptions,
): Promise<() => Promise<void>> {
  await apply();
  let working: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const work = (): void => {
    clearTimeout(timer);
    working = working.then(apply).catch((error: unknown) => {
      onError(error);
      if (!stopped) timer = setTimeout(work, retryMs).unref();
    });
  };
  const unsubscribe = feed.onChange(work, kinds);
  return async () => {
    stopped = true;
    unsubscribe();
    clearTimeout(timer);
    await working;
  };
}
