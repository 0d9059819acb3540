import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api';
import type { Timers } from '../../timers.ts';
import type { QueryLimits, QueryResult } from '../engine.ts';
import { QueryError } from '../errors.ts';
import { guard } from './guard.ts';
import { createInterrupts } from './interrupts.ts';
import { asQueryError } from './query_error.ts';
import { jsonSafe, sizeOf, typeName } from './values.ts';

export interface QueryOptions {
  readonly connect: () => Promise<DuckDBConnection>;
  readonly timers: Timers;
  /** Ends the query when the engine closes. */
  readonly closing: AbortSignal;
}

const DEFAULT_ROWS = 10_000;
const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_BYTES = 32 * 1024 * 1024;

/**
 * Runs one guarded SELECT on a connection of its own, streaming, so that what is not returned is not computed.
 *
 * @throws QueryError
 */
export async function runQuery(sql: string, limits: QueryLimits, options: QueryOptions): Promise<QueryResult> {
  const { maxRows = DEFAULT_ROWS, timeoutMs = DEFAULT_TIMEOUT_MS, maxBytes = DEFAULT_BYTES } = limits;
  const started = options.timers.now();
  const connection = await options.connect();
  let ended: string | undefined;
  const interrupts = createInterrupts(connection, options.timers);
  const end = (why: string): void => {
    ended = why;
    interrupts.begin();
  };
  const goOn = (): void => {
    if (ended !== undefined) throw new QueryError('timeout', ended);
  };
  const callOff = options.timers.after(timeoutMs, () => end(`the query took longer than ${timeoutMs} ms`));
  const onClose = (): void => end('the engine is closing');
  options.closing.addEventListener('abort', onClose);
  try {
    if (options.closing.aborted) onClose();
    goOn();
    await guard(connection, sql);
    goOn();
    // One moment for the plan and for the rows: DuckDB 1.5 plans by what its tables hold, and a load in between would make
    // the plan read wrong values ('newsletter' came out as 'w') without a word: duckdb/duckdb#23704.
    await connection.run('BEGIN TRANSACTION READ ONLY');
    const prepared = await connection.prepare(sql);
    if (prepared.parameterCount > 0)
      throw new QueryError('invalid', 'the query has parameters, and there are no values');
    const result = await prepared.stream();
    const { rows, truncated } = await take(result, { maxRows, maxBytes, goOn });
    return {
      columns: result.columnNames().map((name, index) => ({ name, type: typeName(result.columnType(index)) })),
      rows,
      truncated,
      elapsedMs: options.timers.now() - started,
    };
  } catch (error) {
    throw asQueryError(error, ended);
  } finally {
    callOff();
    interrupts.stop();
    options.closing.removeEventListener('abort', onClose);
    connection.closeSync();
  }
}

interface Bounds {
  readonly maxRows: number;
  readonly maxBytes: number;
  /** Throws once the query is to end. */
  readonly goOn: () => void;
}

async function take(
  result: DuckDBResult,
  { maxRows, maxBytes, goOn }: Bounds,
): Promise<{ rows: unknown[][]; truncated: boolean }> {
  const rows: unknown[][] = [];
  let bytes = 0;
  for (;;) {
    goOn();
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return { rows, truncated: false };
    for (let index = 0; index < chunk.rowCount; index++) {
      if (rows.length >= maxRows || bytes >= maxBytes) return { rows, truncated: true };
      const row = chunk.getRowValues(index).map((value) => jsonSafe(value));
      bytes += sizeOf(row);
      rows.push(row);
    }
  }
}
