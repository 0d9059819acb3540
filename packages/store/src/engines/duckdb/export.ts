import { setImmediate as turn } from 'node:timers/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { BOM, csvLine, csvText } from '../../export/csv.ts';
import { EXPORT_NAMES, type Exported, type ExportRequest, exportColumns } from '../../export/export.ts';
import type { Column } from '../../tables/columns.ts';
import { QueryError } from '../errors.ts';
import { type OutgoingFiles, piecesOf } from './out.ts';
import { list, literal, name } from './sql.ts';

/** Rows that are written before others have their turn in the process. */
const ROWS_A_TURN = 256;

/**
 * Exports rows of one table or view, in the order in which the engine has them, of one moment. CSV and NDJSON are written as
 * they are read; Parquet needs its end first, so it is a file for a moment.
 */
export async function exportRows(
  request: ExportRequest,
  connection: DuckDBConnection,
  files: OutgoingFiles,
): Promise<Exported> {
  const columns = columnsOf(request);
  const from = `FROM ${name(request.table)}${whereOf(request)}`;
  if (request.format === 'parquet') {
    const path = files.path('parquet');
    const { rowsChanged } = await connection.run(
      `COPY (SELECT ${list(columns)} ${from}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)`,
    );
    return { rows: rowsChanged, pieces: piecesOf(path) };
  }
  await connection.run('BEGIN');
  const counted = await connection.runAndReadAll(`SELECT count(*) ${from}`);
  const rows = Number(counted.getRows()[0]?.[0]);
  const pieces =
    request.format === 'csv'
      ? csvPieces(connection, columns, from, request.bom)
      : jsonPieces(connection, columns, from);
  return { rows, pieces };
}

/** @throws QueryError for a name that there is not */
function columnsOf({ table, columns }: ExportRequest): readonly Column[] {
  if (!EXPORT_NAMES.includes(table)) {
    throw new QueryError('invalid', `there is no ${JSON.stringify(table)}; known are ${EXPORT_NAMES.join(', ')}`);
  }
  const all = exportColumns(table);
  if (columns === undefined) return all;
  if (columns.length === 0) throw new QueryError('invalid', 'no column is asked for');
  return columns.map((asked) => {
    const column = all.find((each) => each.name === asked);
    if (column) return column;
    const known = all.map((each) => each.name).join(', ');
    throw new QueryError('invalid', `${table} has no column ${JSON.stringify(asked)}; it has ${known}`);
  });
}

function whereOf({ site, from, to }: ExportRequest): string {
  const conditions = [
    ...(site === undefined ? [] : [`site = ${literal(site)}`]),
    ...(from === undefined ? [] : [`received_at >= ${timestamp(from)}`]),
    ...(to === undefined ? [] : [`received_at < ${timestamp(to)}`]),
  ];
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
}

const timestamp = (ms: number): string => `TIMESTAMP ${literal(new Date(ms).toISOString().slice(0, -1))}`;

/** RFC 3339 in UTC with milliseconds, as everywhere. */
const rfc3339 = (column: string): string => `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%gZ')`;

const isNumber = ({ type }: Column): boolean => type === 'integer' || type === 'bigint';

async function* csvPieces(
  connection: DuckDBConnection,
  columns: readonly Column[],
  from: string,
  bom = false,
): AsyncGenerator<Uint8Array> {
  const header = columns.map((column) => csvText(column.name)).join(',');
  yield Buffer.from(`${bom ? BOM : ''}${header}\r\n`);
  const numbers = columns.map(isNumber);
  const sql = `SELECT ${columns.map(asText).join(', ')} ${from}`;
  for await (const rows of streamed(connection, sql)) {
    yield Buffer.from(rows.map((row) => csvLine(row, numbers)).join(''));
  }
}

function asText({ name: column, type }: Column): string {
  if (type === 'time') return rfc3339(name(column));
  return type === 'texts' ? `to_json(${name(column)})::VARCHAR` : `${name(column)}::VARCHAR`;
}

async function* jsonPieces(
  connection: DuckDBConnection,
  columns: readonly Column[],
  from: string,
): AsyncGenerator<Uint8Array> {
  const fields = columns.map((column) => `${literal(column.name)}, ${asJson(column)}`).join(', ');
  for await (const rows of streamed(connection, `SELECT json_object(${fields})::VARCHAR ${from}`)) {
    yield Buffer.from(`${rows.map(([line]) => line).join('\n')}\n`);
  }
}

/** A number that a double cannot hold goes as text; JSON goes as what it is. */
function asJson({ name: column, type }: Column): string {
  const value = name(column);
  if (type === 'time') return rfc3339(value);
  if (type !== 'bigint') return value;
  const safe = `${value} BETWEEN ${Number.MIN_SAFE_INTEGER} AND ${Number.MAX_SAFE_INTEGER}`;
  return `CASE WHEN ${safe} THEN to_json(${value}) ELSE to_json(${value}::VARCHAR) END`;
}

/** Rows of texts, a few at a time. */
async function* streamed(connection: DuckDBConnection, sql: string): AsyncGenerator<(string | null)[][]> {
  const result = await (await connection.prepare(sql)).stream();
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
    for (let at = 0; at < chunk.rowCount; at += ROWS_A_TURN) {
      const rows: (string | null)[][] = [];
      const end = Math.min(at + ROWS_A_TURN, chunk.rowCount);
      for (let index = at; index < end; index++) rows.push(chunk.getRowValues(index) as (string | null)[]);
      yield rows;
      await turn();
    }
  }
}
