import { recordBytes } from './line.ts';
import { type Log, LogError, type LogGroup } from './log.ts';
import type { LogRecord } from './record.ts';

export interface MemoryLogOptions {
  /** Bytes of JSON that it holds; beyond it `append` rejects with code `overloaded`. Default 32 MiB. */
  readonly maxBytes?: number;
  /** Told each record as it is appended, in order. */
  readonly onAppend?: (record: LogRecord) => void;
}

/** A log that nothing survives in. */
export interface MemoryLog extends Log {
  /** Every record, the oldest first. */
  records(): readonly LogRecord[];
  /** Bytes of JSON held, and how many may be. */
  held(): { readonly bytes: number; readonly maxBytes: number };
}

/**
 * A log in memory, for tests and trials: the same promises as a log on disk, up to the end of the process. It never
 * makes room silently: once it is full, what comes is refused.
 */
export function createMemoryLog({ maxBytes = 32 * 1024 * 1024, onAppend }: MemoryLogOptions = {}): MemoryLog {
  const records: LogRecord[] = [];
  let bytes = 0;
  let appended = 0;
  let isClosed = false;
  let writable = true;
  const listeners = new Set<(group: LogGroup) => void>();

  return {
    async append(json) {
      if (isClosed) throw new LogError('closed', 'the log is closed');
      const length = recordBytes(json);
      if (bytes + length > maxBytes) {
        writable = false;
        throw new LogError('overloaded', `the log in memory holds as much as it may (${maxBytes} bytes)`);
      }
      const record = JSON.parse(json) as LogRecord;
      records.push(record);
      bytes += length;
      appended += 1;
      writable = true;
      onAppend?.(record);
      for (const listener of listeners) listener({ records: 1, bytes: length, syncMs: 0 });
    },
    probe: async () => !isClosed && bytes < maxBytes && writable,
    stats: () => ({
      pendingBytes: 0,
      backlogBytes: bytes,
      writable,
      segment: 0,
      groups: appended,
      failedGroups: 0,
      records: appended,
      lastSyncMs: 0,
    }),
    onGroup(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      isClosed = true;
    },
    records: () => records,
    held: () => ({ bytes, maxBytes }),
  };
}
