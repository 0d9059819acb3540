import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { openLog } from '../log/append.ts';
import type { LogFiles } from '../log/files.ts';
import type { NewRecord } from './append.ts';
import type { KnownRecord } from './kinds/index.ts';
import { controlFault } from './parse.ts';

export interface ControlWriterOptions {
  /** The folder of all writers, such as `data/control`. Made if absent. */
  readonly folder: string;
  /** The writer's own folder in it, such as `collector-0`: one process at a time. */
  readonly writer: string;
  /** Bytes that a segment is kept within. Default 64 MiB. */
  readonly maxSegmentBytes?: number;
  /** Default: the disk. */
  readonly files?: LogFiles;
  /** Ms since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** Records decisions of visitors, of which there are many, from a process that runs. */
export interface ControlWriter {
  /**
   * Appends one record and resolves once it is on disk; all that wait at a time share one write and one fdatasync. Nothing
   * that others recorded is looked at: for decisions that cannot be refused. After a rejection it may still come to light.
   *
   * @throws LogError; TypeError for what is no record
   */
  append(record: NewRecord): Promise<KnownRecord>;
  /** Never rejects. */
  close(): Promise<void>;
}

/** @throws LogError `unavailable` where the folder cannot be made or listed */
export async function openControlWriter(options: ControlWriterOptions): Promise<ControlWriter> {
  const { writer, now = Date.now, files } = options;
  const log = await openLog({
    folder: join(resolve(options.folder), writer),
    ...(files && { files }),
    ...(options.now && { now: options.now }),
    ...(options.maxSegmentBytes && { maxSegmentBytes: options.maxSegmentBytes }),
    maxSegmentMs: 86_400_000,
    // Kept for ever, and read by everyone: there is nobody to confirm it.
    maxBacklogBytes: Number.POSITIVE_INFINITY,
    maxDiskUse: Number.POSITIVE_INFINITY,
  });
  return {
    async append(record) {
      const whole = { v: 1, id: randomUUID(), at: new Date(now()).toISOString(), ...record } as KnownRecord;
      const fault = controlFault(whole);
      if (fault !== undefined) throw new TypeError(`[control] ${fault}`);
      await log.append(JSON.stringify(whole));
      return whole;
    },
    close: () => log.close(),
  };
}
