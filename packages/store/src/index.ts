/** Where data rests: the loader, the query engines, sealed days, and how to make a database again. The log is `@parcours/store/log`. */
export type {
  Engine,
  ErasedRows,
  Erasure,
  ErasureRequest,
  FailurePurge,
  LoadChunk,
  LoadResult,
  QueryLimits,
  QueryResult,
  SealedDay,
} from './engines/engine.ts';
export { EngineOpenError, QueryError } from './engines/errors.ts';
export type { DuckDbOptions } from './engines/index.ts';
export { openDuckDb } from './engines/index.ts';
export type { Exported, ExportFormat, ExportName, ExportRequest, Snapshot } from './export/export.ts';
export { EXPORT_FORMATS, EXPORT_NAMES, exportColumns } from './export/export.ts';
export type { Loader, LoaderOptions, LoaderStats } from './loader.ts';
export { createLoader } from './loader.ts';
export type { Maintained, MaintainOptions } from './maintain.ts';
export { maintain, utcDay } from './maintain.ts';
export type { DayFile } from './parquet.ts';
export { listDayFiles } from './parquet.ts';
export type { RebuildOptions, Rebuilt } from './rebuild.ts';
export { isMissing, rebuild } from './rebuild.ts';
export type { Expired, Expiry, HeldRows, RowClassName } from './retention/classes.ts';
export { ROW_CLASS_NAMES } from './retention/classes.ts';
export { toTen } from './retention/to_ten.ts';
export * from './subjects/index.ts';
export type { Column, ColumnType } from './tables/columns.ts';
export type { DayTable, TableName } from './tables/tables.ts';
export { HIDDEN_TABLES, TABLES } from './tables/tables.ts';
export type { Timers } from './timers.ts';
export { systemTimers } from './timers.ts';
export type { Watch } from './watch.ts';
