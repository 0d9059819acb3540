import type { Column } from '../tables/columns.ts';
import { DAY_TABLES, type DayTable, HIDDEN_TABLES, TABLES } from '../tables/tables.ts';
import { VIEWS, type ViewName } from '../tables/views.ts';

/** How rows can leave: for an analyst's tools, for a spreadsheet, for a program. */
export const EXPORT_FORMATS = ['parquet', 'csv', 'ndjson'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What can be exported: the tables that hold what happened and may be shown, and every view. */
export type ExportName = Exclude<DayTable, 'exempt'> | ViewName;

export const EXPORT_NAMES: readonly ExportName[] = [
  ...DAY_TABLES.filter((table): table is Exclude<DayTable, 'exempt'> => !HIDDEN_TABLES.has(table)),
  ...(Object.keys(VIEWS) as ViewName[]),
];

/** The columns of what can be exported. */
export const exportColumns = (name: ExportName): readonly Column[] =>
  name in VIEWS ? VIEWS[name as ViewName] : TABLES[name as DayTable];

/** Rows to export. Nothing in it is SQL: names are looked up, values are checked. */
export interface ExportRequest {
  readonly table: ExportName;
  readonly format: ExportFormat;
  /** Default: all, in their order. */
  readonly columns?: readonly string[] | undefined;
  readonly site?: string | undefined;
  /** Ms since the epoch: rows received then or later, and before. By time of receipt, so that no late event is missed. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** CSV only: begins with the mark that Excel needs. */
  readonly bom?: boolean | undefined;
}

/** Bytes on their way out. Whoever takes them to the end or lets go of them (`return`) ends the work behind them. */
export interface Outgoing {
  readonly pieces: AsyncIterable<Uint8Array>;
}

export interface Exported extends Outgoing {
  /** Rows that it holds, of one moment of the tables. */
  readonly rows: number;
}

export interface Snapshot extends Outgoing {
  /** Bytes of the file. */
  readonly bytes: number;
}
