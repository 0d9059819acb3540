import { mkdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { systemTimers, type Timers } from '../timers.ts';
import { createTurns } from '../turns.ts';
import { openDatabase } from './duckdb/database.ts';
import { countToSeal, restoreDays, sealDays } from './duckdb/days.ts';
import { CREATE_ERASED, eraseSubjects } from './duckdb/erase.ts';
import { countExpired, expire, heldRows } from './duckdb/expire.ts';
import { exportRows } from './duckdb/export.ts';
import { loadChunk } from './duckdb/load.ts';
import { openOut } from './duckdb/out.ts';
import { runQuery } from './duckdb/query.ts';
import { CREATE_SETTLED, purgeFailures, settleFailures } from './duckdb/settle.ts';
import { snapshot } from './duckdb/snapshot.ts';
import { openStaging } from './duckdb/staging.ts';
import { createSubjectReader } from './duckdb/subject-read.ts';
import type { Engine, LoadResult, QueryLimits, QueryResult } from './engine.ts';

export interface DuckDbOptions {
  /** The database file; made if absent. One process at a time. */
  readonly path: string;
  /** Where sealed days (`days/`), files being loaded (`staging/`), spilled queries (`spill/`) and copies going out (`out/`) lie. Made if absent. */
  readonly folder: string;
  /** What DuckDB's buffers may take, all queries and loads together. Default `512MB`. */
  readonly memoryLimit?: string;
  /** Threads of DuckDB. Default: the machine's. */
  readonly threads?: number;
  /** Guarded queries that run at a time; the others wait. Default 2, so that loads keep a thread of Node's four. */
  readonly queries?: number;
  readonly timers?: Timers;
}

const NOTHING: LoadResult = { loaded: 0, duplicates: 0, failed: 0, unreadable: 0 };

/**
 * Opens the default engine: DuckDB in this process, in one file.
 *
 * @throws EngineOpenError where the file is locked by another process, or damaged
 */
export async function openDuckDb(options: DuckDbOptions): Promise<Engine> {
  const path = resolve(options.path);
  const folder = resolve(options.folder);
  // DuckDB would take such a name for a pattern.
  if (/[*?[\]]/.test(folder)) throw new TypeError('[store] option "folder" must not contain any of * ? [ ]');
  const daysFolder = join(folder, 'days');
  const stagingFolder = join(folder, 'staging', basename(path));
  const spillFolder = join(folder, 'spill', basename(path));
  const outFolder = join(folder, 'out', basename(path));
  for (const made of [daysFolder, spillFolder]) await mkdir(made, { recursive: true });
  const database = await openDatabase({
    path,
    folders: [daysFolder, stagingFolder, outFolder],
    spillFolder,
    memoryLimit: options.memoryLimit ?? '512MB',
    threads: options.threads,
  });
  const staging = await openStaging(stagingFolder);
  const loading = await database.connect();
  const keeping = await database.connect();
  const alone = createTurns(1);
  const keepingTurns = createTurns(1);
  const queryTurns = createTurns(options.queries ?? 2);
  const timers = options.timers ?? systemTimers;
  const closing = new AbortController();
  const queries = new Set<Promise<QueryResult>>();
  const out = await openOut({ folder: outFolder, connect: database.connect, timers, closing: closing.signal });
  const days = { connection: keeping, folder: daysFolder };
  const sealing = { ...days, alone, turn: keepingTurns, closing: closing.signal };

  await loading.run(CREATE_SETTLED);
  await loading.run(CREATE_ERASED);
  let hasErased = false;
  // Read once: from then on every change of it is made here.
  const found = await loading.runAndReadAll('SELECT log, segment, "offset" FROM positions ORDER BY log');
  const positions = new Map(
    found
      .getRows()
      .map(([log, segment, offset]) => [
        String(log),
        { log: String(log), segment: Number(segment), offset: Number(offset) },
      ]),
  );

  const query = async (sql: string, limits: QueryLimits = {}): Promise<QueryResult> => {
    const running = queryTurns(() =>
      runQuery(sql, limits, { connect: database.connect, timers, closing: closing.signal }),
    );
    queries.add(running);
    return await running.finally(() => queries.delete(running));
  };

  return {
    ...createSubjectReader(query),
    load: (chunk) =>
      alone(async () => {
        const { log, segment, endOffset } = chunk;
        const at = positions.get(log);
        if (at && (segment < at.segment || (segment === at.segment && endOffset <= at.offset))) return NOTHING;
        const place = { log, segment, from: at?.segment === segment ? at.offset : 0 };
        const result = await loadChunk({ connection: loading, staging, chunk, place, hasErased });
        positions.set(log, { log, segment, offset: endOffset });
        return result;
      }),
    settleFailures: (ids) => alone(() => settleFailures(loading, ids)),
    purgeFailures: (purges) => alone(() => purgeFailures(loading, purges)),
    eraseSubjects: (request) =>
      alone(async () => {
        hasErased ||= request.erasures.length > 0;
        return await eraseSubjects(loading, request);
      }),
    positions: async () => [...positions.values()],
    query,
    exportRows: (request, signal) => out.run(signal, (connection, files) => exportRows(request, connection, files)),
    snapshot: (signal) => out.run(signal, (connection, files) => snapshot(connection, files, path)),
    sealDays: (before) => sealDays(before, sealing),
    // Behind no day that is being written.
    daysToSeal: async (before) => Number((await query(countToSeal(before))).rows[0]?.[0]),
    restoreDays: () => keepingTurns(() => restoreDays(days)),
    heldRows: () => keepingTurns(() => heldRows(keeping)),
    countExpired: (expiries) => keepingTurns(() => countExpired(keeping, expiries)),
    expire: (expiry) => keepingTurns(() => alone(() => expire(keeping, expiry))),
    async close() {
      closing.abort();
      await Promise.allSettled(queries);
      await out.close();
      await alone(async () => loading.closeSync());
      await keepingTurns(async () => keeping.closeSync());
      database.close();
    },
  };
}
