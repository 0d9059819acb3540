import { join } from 'node:path';
import { diskFiles } from '../log/disk.ts';
import type { LogFiles } from '../log/files.ts';
import { systemTimers, type Timers } from '../timers.ts';
import { type Watch, watchFolder } from '../watch.ts';
import type { ControlState } from './kinds/index.ts';
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

/** What all writers have recorded, held in memory and at most a second old. */
export interface ControlFeed {
  /** Changes in place; `onChange` tells when. */
  readonly state: ControlState;
  stats(): ControlStats;
  /** Calls after each change. Returns unsubscribe. */
  onChange(listener: () => void): () => void;
  /** Ends after the look in hand. */
  stop(): Promise<void>;
}

/**
 * Reads all that is recorded, and follows it until stopped.
 *
 * @throws where the folder is there and cannot be read: a process must not begin without what was decided
 */
export async function openControlFeed(options: FollowOptions): Promise<ControlFeed> {
  const { folder, intervalMs = 500, files = diskFiles, timers = systemTimers, watch = watchFolder } = options;
  const { onError = () => undefined } = options;
  const reader = createControlReader({ folder, files, onBad: options.onBad });
  const listeners = new Set<() => void>();
  const watched = new Map<string, () => void>();
  let completeAt = timers.now();
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
    if (changed) for (const listener of listeners) listener();
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
    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
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
