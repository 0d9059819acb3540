import { rm } from 'node:fs/promises';
import type { Engine, SealedDay } from './engines/engine.ts';
import { diskFiles } from './log/disk.ts';
import { ONE_RUN, removeOldSegments } from './log/retention.ts';
import { listSegments } from './log/segment.ts';
import { listLogs, logFolder } from './log-folders.ts';

const DAY_MS = 86_400_000;

export interface MaintainOptions {
  readonly engine: Engine;
  /** The folder that holds the log folders. */
  readonly logs: string;
  /** Ms since the epoch. */
  readonly now: number;
  /** Days that a loaded segment stays after its last record. Default 7. */
  readonly logDays?: number;
}

export interface Maintained {
  readonly sealed: readonly SealedDay[];
  /** Segments removed, as `<log>/<file>`. */
  readonly removedSegments: readonly string[];
}

/**
 * What the reader does once an hour: seals the days that are closed, then lets old segments go.
 * In this order, so that a row is always in a log or in a sealed file: where sealing fails, nothing is removed.
 */
export async function maintain(options: MaintainOptions): Promise<Maintained> {
  const { engine, logs, now, logDays = 7 } = options;
  const sealed = await engine.sealDays(utcDay(now));
  const positions = new Map((await engine.positions()).map((position) => [position.log, position]));
  const removedSegments: string[] = [];
  for (const log of await listLogs(logs)) {
    const confirmed = positions.get(log);
    if (!confirmed) continue;
    const folder = logFolder(logs, log);
    const isFinished = log.startsWith(ONE_RUN);
    const removed = await removeOldSegments({
      folder,
      olderThan: now - logDays * DAY_MS,
      confirmed,
      isFinished,
    });
    // Only one that held something: in one that a run has just made nothing is written yet.
    if (isFinished && removed.length > 0 && (await listSegments(diskFiles, folder)).length === 0) {
      await rm(folder, { recursive: true, force: true });
    }
    removedSegments.push(...removed.map((file) => `${log}/${file}`));
  }
  return { sealed, removedSegments };
}

/** The UTC day of a time, `YYYY-MM-DD`. */
export const utcDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
