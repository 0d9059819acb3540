import { join } from 'node:path';
import { diskFiles } from '../log/disk.ts';
import type { LogFiles } from '../log/files.ts';
import { systemTimers, type Timers } from '../timers.ts';
import { type Watch, watchFolder } from '../watch.ts';
import type { ControlState, KindName } from './kinds/index.ts';
import { type BadControlLine, type ControlCounts, createControlReader } from './reader.ts';

export interface FollowOptions {
  /** The folder of all writers, such as `data/control`. One that is not there yet has no records. */
  readonly folder: string;
  /** Ms between two looks; a change wakes it before, where the file system tells. Default 500. */
  readonly intervalMs?: number;
  /** Called for each line that holds no record: it is passed over. */
  readonly onBad?: (line: BadControlLine) => void;
  /** Called for each look that failed; what was known stands, and it looks again. */
  readonly onError?: (error: unknown) => void;
  /** Default: the disk. */
  readonly files?: LogFiles;
  readonly timers?: Timers;
  readonly watch?: Watch;
}

export interface ControlStats extends ControlCounts {
  /** Every record that was on disk this long ago is in force here, ms. Grows while the folder cannot be read. */
  readonly lagMs: number;
  /** What the last look failed with; absent once one succeeds. */
  readonly lastError?: string;
}

/** What all writers have recorded and what has not ended since, held in memory and at most a second old. */
export interface ControlFeed {
  /** Changes in place; `onChange` tells when. */
  readonly state: ControlState;
  stats(): ControlStats;
  /**
   * Calls after each change; with kinds, after those that a record of one of them made: visitors' withdrawals come all day
   * long, and are no affair of whoever follows sites. Returns unsubscribe.
   */
  onChange(listener: () => void, kinds?: readonly KindName[]): () => void;
  /** Ends after the look in hand. */
  stop(): Promise<void>;
}

/** Ms: what has an end has it in days. */
const FORGET_EVERY_MS = 86_400_000;

/**
 * Reads all that is recorded, and follows it until stopped.
 *
 * @throws where the folder is there and cannot be read: a process must not begin without what was decided
 */
export async function openControlFeed(options: FollowOptions): Promise<ControlFeed> {
  const { folder, intervalMs = 500, files = diskFiles, timers = systemTimers, watch = watchFolder } = options;
  const { onError = () => undefined } = options;
  const reader = createControlReader({ folder, files, onBad: options.onBad, now: timers.now });
  const listeners = new Set<(changed: ReadonlySet<string>) => void>();
  const watched = new Map<string, () => void>();
  let completeAt = timers.now();
  let forgotAt = completeAt;
  let lastError: string | undefined;
  let hinted = false;
  let wake = (): void => undefined;
  let stopped = false;

  const hint = (): void => {
    hinted = true;
    wake();
  };

  async function look(): Promise<void> {
    const startedAt = timers.now();
    const changed = await reader.readNew();
    completeAt = startedAt;
    lastError = undefined;
    if (Math.abs(startedAt - forgotAt) >= FORGET_EVERY_MS) {
      forgotAt = startedAt;
      reader.forget();
    }
    if (changed.size > 0) for (const listener of listeners) listener(changed);
  }

  /** The folder and each writer's in it; those that cannot be watched are looked at all the same. */
  async function watchAll(): Promise<void> {
    const names = await files.list(folder).catch((): readonly string[] => []);
    if (names.length > 0) watchOne(folder);
    for (const name of names) watchOne(join(folder, name));
  }

  function watchOne(path: string): void {
    if (!watched.has(path)) watched.set(path, watch(path, hint));
  }

  async function follow(): Promise<void> {
    while (!stopped) {
      hinted = false;
      try {
        await look();
      } catch (error) {
        lastError = error instanceof Error ? error.message : String(error);
        onError(error);
      }
      await watchAll();
      await rest();
    }
  }

  async function rest(): Promise<void> {
    if (stopped || hinted) return;
    await new Promise<void>((resolve) => {
      const cancel = timers.after(intervalMs, resolve);
      wake = () => {
        cancel();
        resolve();
      };
    });
    wake = () => undefined;
  }

  await look();
  const running = follow();
  return {
    state: reader.state,
    stats: () => ({
      lagMs: Math.max(0, timers.now() - completeAt),
      ...reader.counts(),
      ...(lastError === undefined ? {} : { lastError }),
    }),
    onChange(listener, kinds) {
      const told = (changed: ReadonlySet<string>): void => {
        if (!kinds || kinds.some((kind) => changed.has(kind))) listener();
      };
      listeners.add(told);
      return () => {
        listeners.delete(told);
      };
    },
    async stop() {
      stopped = true;
      wake();
      await running;
      for (const unwatch of watched.values()) unwatch();
    },
  };
}
