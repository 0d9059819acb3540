import { join } from 'node:path';
import type { LiveFeed, RequestLine } from '@parcours/journeys';
import { type Engine, type Loader, listDayFiles, type Maintained, QueryError } from '@parcours/store';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { DataFolder } from '../data_folder.ts';
import { sizeOf } from './process.ts';

/** What the reader tells of itself. The process's own figures are in `process.ts`. */
export interface ReaderMetrics {
  /** The same engine, its loads and queries measured. */
  observed(engine: Engine): Engine;
  /** Tells the loader's figures from now on. */
  follow(loader: Loader): void;
  /** The database is being made again. */
  rebuilding(): void;
  /** Days were sealed and old segments let go, or it failed. */
  maintained(done: Maintained): void;
  maintenanceFailed(): void;
  /** A request to the private listener was answered. */
  request(line: Pick<RequestLine, 'route' | 'status' | 'ms'>): void;
  /** A load failed, and will be tried again. */
  loadFailed(): void;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function readerMetrics(
  registry: Registry,
  { folder, feed }: { readonly folder: Pick<DataFolder, 'database' | 'store'>; readonly feed: LiveFeed },
): ReaderMetrics {
  const registers = [registry];
  const loads = new Histogram({
    name: 'parcours_loader_load_duration_seconds',
    help: 'Time to load one chunk of the log into the tables, its duplicates left out',
    buckets: SECONDS,
    registers,
  });
  const chunks = new Histogram({
    name: 'parcours_loader_chunk_rows',
    help: 'Rows of one loaded chunk, duplicates and failed ones among them',
    buckets: [1, 10, 100, 1_000, 10_000, 50_000],
    registers,
  });
  const failures = new Counter({
    name: 'parcours_loader_failures_total',
    help: 'Loads that failed; each is tried again',
    registers,
  });
  const queries = new Histogram({
    name: 'parcours_query_duration_seconds',
    help: 'Time of queries and reports, by how they ended: ok, truncated, or why they were refused or broken off',
    labelNames: ['outcome'],
    buckets: SECONDS,
    registers,
  });
  const requests = new Histogram({
    name: 'parcours_console_request_duration_seconds',
    help: 'Time from the head of a request to the private listener to the beginning of its answer, by pattern of its route',
    labelNames: ['route', 'status'],
    buckets: SECONDS,
    registers,
  });
  const rebuilds = new Counter({
    name: 'parcours_database_rebuilds_total',
    help: 'Times that the database was damaged or missing and was made again from sealed days and the log',
    registers,
  });
  const removed = new Counter({
    name: 'parcours_retention_removed_segments_total',
    help: 'Segments of the log that were loaded and old enough, and were removed',
    registers,
  });
  const maintenanceFailures = new Counter({
    name: 'parcours_maintenance_failures_total',
    help: 'Hourly rounds of sealing and retention that failed; nothing is removed then',
    registers,
  });
  const maintainedAt = new Gauge({
    name: 'parcours_maintenance_last_success_timestamp_seconds',
    help: 'When sealing and retention last succeeded, seconds since 1970; 0 before the first time',
    registers,
  });
  const gauge = (name: string, help: string, read: () => number | Promise<number>): void => {
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set(await read());
      },
    });
  };
  gauge(
    'parcours_database_size_bytes',
    'Size of the database file and of what is not yet merged into it',
    async () => (await sizeOf(folder.database)) + (await sizeOf(`${folder.database}.wal`)),
  );
  gauge('parcours_sealed_days', 'Days that rest in Parquet, each site counted by itself', async () => {
    const files = await listDayFiles(join(folder.store, 'days'));
    return files.filter(({ table }) => table === 'events').length;
  });
  gauge('parcours_live_watchers', 'Open live views', () => feed.watchers());

  return {
    observed: (engine) => ({
      ...engine,
      async load(chunk) {
        const end = loads.startTimer();
        const result = await engine.load(chunk);
        end();
        chunks.observe(result.loaded + result.duplicates + result.failed + result.unreadable);
        return result;
      },
      async query(sql, limits) {
        const end = queries.startTimer();
        try {
          const result = await engine.query(sql, limits);
          end({ outcome: result.truncated ? 'truncated' : 'ok' });
          return result;
        } catch (error) {
          end({ outcome: error instanceof QueryError ? error.code : 'failed' });
          throw error;
        }
      },
    }),
    follow(loader) {
      gauge(
        'parcours_loader_lag_seconds',
        'Every record that was in the log this long ago is loaded; grows while loading fails',
        () => loader.stats().lagMs / 1000,
      );
      gauge(
        'parcours_loader_backlog_bytes',
        'Bytes in the logs beyond what is loaded',
        () => loader.stats().backlogBytes,
      );
      gauge('parcours_loader_failing', '1 while the last load failed', () => Number('lastError' in loader.stats()));
      new Counter({
        name: 'parcours_loader_rows_total',
        help: 'Rows by how loading ended: loaded, duplicate, failed (told by the collector), unreadable',
        labelNames: ['outcome'],
        registers,
        collect() {
          const { loadedRows, duplicateRows, failedRows, unreadableItems } = loader.stats();
          this.reset();
          this.inc({ outcome: 'loaded' }, loadedRows);
          this.inc({ outcome: 'duplicate' }, duplicateRows);
          this.inc({ outcome: 'failed' }, failedRows);
          this.inc({ outcome: 'unreadable' }, unreadableItems);
        },
      });
      new Counter({
        name: 'parcours_loader_bad_lines_total',
        help: 'Lines of the log that hold no record: damaged, set aside and passed over',
        registers,
        collect() {
          this.reset();
          this.inc(loader.stats().badLines);
        },
      });
    },
    rebuilding: () => rebuilds.inc(),
    maintained({ removedSegments }) {
      removed.inc(removedSegments.length);
      maintainedAt.set(Date.now() / 1000);
    },
    maintenanceFailed: () => maintenanceFailures.inc(),
    loadFailed: () => failures.inc(),
    request: ({ route, status, ms }) => requests.observe({ route, status }, ms / 1000),
  };
}
