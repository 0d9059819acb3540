import { resolve as absolute } from 'node:path';
import { systemTimers } from '../timers.ts';
import { type Backlog, openBacklog } from './backlog.ts';
import { diskFiles } from './disk.ts';
import { ensureFolder } from './folder.ts';
import { encodeLine } from './line.ts';
import { type Log, LogError, type LogGroup, type LogOptions } from './log.ts';
import { canWrite } from './probe.ts';
import { openSegment, type SegmentWriter } from './writer.ts';

const MIB = 1024 * 1024;

/** Ms within which a disk must have taken a probe: one that hangs is no disk that a record could be made durable on now. */
const PROBE_MS = 1_000;

/** One record that waits for the disk. */
interface Waiter {
  readonly line: Uint8Array;
  resolve(): void;
  reject(error: LogError): void;
}

/**
 * Opens a log for appending: the folder is made and durable, and a segment of its own is opened at the first append.
 * Earlier segments are never written to or cut, since they may have been read.
 *
 * Group commit: while one group is written and synced, whatever is appended gathers and is the next one. A failed write
 * or sync ends the segment, rejects its group, and the next group tries a new segment: the log recovers when the disk does.
 *
 * @throws LogError `unavailable` where the folder cannot be made or listed
 */
export async function openLog(options: LogOptions): Promise<Log> {
  const { files = diskFiles, now = Date.now, monotonic = () => performance.now(), timers = systemTimers } = options;
  const { maxSegmentBytes = 64 * MIB, maxSegmentMs = 3_600_000, maxPendingBytes = 64 * MIB } = options;
  const { maxBacklogBytes = 10 * 1024 * MIB, maxDiskUse = 0.8 } = options;
  const folder = absolute(options.folder);

  const backlog = await openedBacklog();
  let last = backlog.newest();
  let waiting: Waiter[] = [];
  let pendingBytes = 0;
  let segment: SegmentWriter | undefined;
  let segmentSince = 0;
  let flushing: Promise<void> | undefined;
  let probing: Promise<boolean> | undefined;
  let closed = false;
  let writable = true;
  let groups = 0;
  let records = 0;
  let lastSyncMs = 0;
  let failedGroups = 0;
  const listeners = new Set<(group: LogGroup) => void>();

  async function openedBacklog(): Promise<Backlog> {
    try {
      await ensureFolder(files, folder);
      const slackBytes = maxSegmentBytes;
      return await openBacklog({ folder, files, maxBytes: maxBacklogBytes, maxDiskUse, slackBytes, monotonic });
    } catch (cause) {
      throw new LogError('unavailable', `the log folder ${folder} cannot be opened`, { cause });
    }
  }

  async function append(json: string): Promise<void> {
    if (backlog.isFull() && (await backlog.checkFull())) {
      throw new LogError('overloaded', 'the reader has yet to confirm as much as the log may hold');
    }
    if (closed) throw new LogError('closed', 'the log is closed');
    // No record has more characters than bytes. One alone always fits, so that a low bound cannot shut the log.
    if (pendingBytes > 0 && pendingBytes + json.length > maxPendingBytes) {
      throw new LogError('overloaded', 'as much waits for the disk as may wait');
    }
    const line = encodeLine(json);
    pendingBytes += line.length;
    await new Promise<void>((resolve, reject) => {
      waiting.push({ line, resolve, reject });
      flushing ??= flush();
    });
  }

  async function flush(): Promise<void> {
    // Lets every request that the event loop has ready join the first group.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      await commit(group);
    }
    flushing = undefined;
  }

  async function commit(group: readonly Waiter[]): Promise<void> {
    const bytes = Buffer.concat(group.map(({ line }) => line));
    try {
      const target = await segmentFor(bytes.length);
      lastSyncMs = await target.commit(bytes);
      backlog.grow(target.number, bytes.length);
    } catch (cause) {
      segment = undefined;
      writable = false;
      failedGroups += 1;
      pendingBytes -= bytes.length;
      const error = new LogError('unavailable', 'the log could not be written', { cause });
      for (const waiter of group) waiter.reject(error);
      return;
    }
    writable = true;
    pendingBytes -= bytes.length;
    groups += 1;
    records += group.length;
    for (const listener of listeners) listener({ records: group.length, bytes: bytes.length, syncMs: lastSyncMs });
    for (const waiter of group) waiter.resolve();
  }

  /** The open segment, or a new one where it is full or old. An earlier one is written to no more from then on. */
  async function segmentFor(bytes: number): Promise<SegmentWriter> {
    if (segment) {
      const isOld = monotonic() - segmentSince >= maxSegmentMs;
      if (!isOld && segment.bytes() + bytes <= maxSegmentBytes) return segment;
      await segment.close();
      segment = undefined;
    }
    last = Math.max(Math.floor(now()), last + 1);
    segment = await openSegment({ files, folder, monotonic }, last);
    segmentSince = monotonic();
    return segment;
  }

  async function tryDisk(): Promise<boolean> {
    return !closed && !(await backlog.checkFull()) && (await canWrite(files, folder));
  }

  function probe(): Promise<boolean> {
    // One at a time, however long it takes.
    probing ??= tryDisk().finally(() => {
      probing = undefined;
    });
    const probed = probing;
    return new Promise((resolve) => {
      const cancel = timers.after(PROBE_MS, () => resolve(false));
      void probed.then((canBeWritten) => {
        cancel();
        resolve(canBeWritten);
      });
    });
  }

  async function close(): Promise<void> {
    closed = true;
    await flushing;
    await probing;
    const open = segment;
    segment = undefined;
    await open?.close();
  }

  return {
    append,
    probe,
    close,
    stats: () => ({
      pendingBytes,
      backlogBytes: backlog.bytes(),
      writable,
      segment: last,
      groups,
      records,
      lastSyncMs,
      failedGroups,
    }),
    onGroup(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
