/**
 * The durable log: what the collector needs of the store, and free of any database engine.
 * Append with `openLog`, read with `readLog`.
 */
export { openLog } from './append.ts';
export type { SegmentPosition } from './confirm.ts';
export { readConfirmed, writeConfirmed } from './confirm.ts';
export { diskFiles } from './disk.ts';
export type { LogFiles, LogReader, LogWriter } from './files.ts';
export { isFileError } from './files.ts';
export { MAX_RECORD_BYTES } from './line.ts';
export type { Log, LogGroup, LogOptions, LogStats } from './log.ts';
export { LogError } from './log.ts';
export type { MemoryLog, MemoryLogOptions } from './memory.ts';
export { createMemoryLog } from './memory.ts';
export type { Position } from './position.ts';
export type { BadLine, LogChunk, ReadOptions } from './read.ts';
export { readLog } from './read.ts';
export type {
  BatchRecord,
  ClientContext,
  LogRecord,
  OutcomeCount,
  StoredEvent,
  StoredExempt,
  StoredFailure,
  StoredStamp,
} from './record.ts';
export type { RetentionOptions } from './retention.ts';
export { ONE_RUN, removeOldSegments } from './retention.ts';
