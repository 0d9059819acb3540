import type { Engine } from './engines/engine.ts';
import { decodeRecords, loadChunkOf } from './load-chunk.ts';
import { writeConfirmed } from './log/confirm.ts';
import type { Position } from './log/position.ts';
import { type BadLine, type LogChunk, readLog } from './log/read.ts';
import type { LogRecord } from './log/record.ts';
import { bytesAfter, listLogs, logFolder } from './log-folders.ts';
import { systemTimers, type Timers } from './timers.ts';
import { createTurns } from './turns.ts';
import { type Watch, watchFolder } from './watch.ts';

export interface LoaderOptions {
  /** The folder that holds the log folders, such as `data/log`: those made later are found too. */
  readonly logs: string;
  readonly engine: Engine;
  /** Ms between two looks at the logs. Default 200. An idle loader also wakes when a log folder changes. */
  readonly intervalMs?: number;
  /** Bytes loaded at a time; halved after each failure, down to 64 KiB. Default 32 MiB, some 36,000 events: more than a row group of the engine. */
  readonly maxChunkBytes?: number;
  /** Whether each log is told how far it has been loaded, which bounds its backlog. Default true. */
  readonly confirm?: boolean;
  /** Called for each failure; it will be tried again. */
  readonly onError?: (error: unknown) => void;
  /** Called for each line that holds no record: it is passed over. */
  readonly onBad?: (log: string, line: BadLine) => void;
  readonly timers?: Timers;
  readonly watch?: Watch;
}

export interface LoaderStats {
  /** Every record that was in a log this long ago is loaded, ms. Grows while the engine fails. */
  readonly lagMs: number;
  /** Bytes in the logs beyond what is loaded, as of the last look. */
  readonly backlogBytes: number;
  /** Since the start: rows added to `events`, duplicates left out, rows of `failed`, items that could not be read. */
  readonly loadedRows: number;
  readonly duplicateRows: number;
  readonly failedRows: number;
  readonly unreadableItems: number;
  /** Lines of the logs that held no record. */
  readonly badLines: number;
  /** What the last try failed with; absent once one succeeds. */
  readonly lastError?: string;
}

export interface Loader {
  /** Follows the logs until stopped. Never throws: a failure shows in `stats` and is tried again with growing pauses. */
  start(): void;
  /** Ends after the load in hand. */
  stop(): Promise<void>;
  /** Loads all that the logs hold now; rejects with the first failure. */
  drain(): Promise<void>;
  stats(): LoaderStats;
  /** Calls with the records of every chunk once it is loaded; they are decoded only while someone listens. Returns unsubscribe. */
  onChunk(listener: (records: readonly LogRecord[]) => void): () => void;
}

const MIN_CHUNK_BYTES = 64 * 1024;
const MAX_PAUSE_MS = 30_000;

/** Moves records from the logs into the engine, each log in its order, exactly once. */
export function createLoader(options: LoaderOptions): Loader {
  const { logs, engine, intervalMs = 200, maxChunkBytes = 32 * 1024 * 1024, confirm = true } = options;
  const { timers = systemTimers, watch = watchFolder, onError = () => undefined } = options;
  const counts = { loadedRows: 0, duplicateRows: 0, failedRows: 0, unreadableItems: 0, badLines: 0 };
  const listeners = new Set<(records: readonly LogRecord[]) => void>();
  const watched = new Map<string, () => void>();
  const turn = createTurns(1);
  let positions: Map<string, Position> | undefined;
  let backlogBytes = 0;
  let completeAt = timers.now();
  let lastError: string | undefined;
  let failures = 0;
  let stopped = true;
  let hinted = false;
  let wake = (): void => undefined;
  let running: Promise<void> | undefined;

  async function knownPositions(): Promise<Map<string, Position>> {
    if (positions) return positions;
    const known = new Map((await engine.positions()).map((position) => [position.log, position]));
    if (confirm) for (const name of await listLogs(logs)) await confirmTo(known.get(name));
    positions = known;
    return known;
  }

  const confirmTo = async (position: Position | undefined): Promise<void> => {
    if (position) await writeConfirmed(logFolder(logs, position.log), position);
  };

  async function loadOne(chunk: LogChunk, known: Map<string, Position>): Promise<void> {
    const result = await engine.load(loadChunkOf(chunk));
    counts.loadedRows += result.loaded;
    counts.duplicateRows += result.duplicates;
    counts.failedRows += result.failed;
    counts.unreadableItems += result.unreadable;
    counts.badLines += chunk.bad.length;
    const position = { log: chunk.log, segment: chunk.segment, offset: chunk.endOffset };
    known.set(chunk.log, position);
    for (const line of chunk.bad) options.onBad?.(chunk.log, line);
    if (listeners.size > 0) tell(decodeRecords(chunk.records));
    if (confirm) await confirmTo(position);
  }

  function tell(records: readonly LogRecord[]): void {
    for (const listener of listeners) {
      try {
        listener(records);
      } catch (error) {
        onError(error);
      }
    }
  }

  async function loadLog(name: string, goOn: () => boolean): Promise<number> {
    const folder = logFolder(logs, name);
    const known = await knownPositions();
    const from = known.get(name);
    const chunkBytes = Math.max(MIN_CHUNK_BYTES, Math.floor(maxChunkBytes / 2 ** failures));
    for await (const chunk of readLog({ folder, ...(from && { from }), maxChunkBytes: chunkBytes })) {
      await loadOne(chunk, known);
      if (!goOn()) break;
    }
    return await bytesAfter(folder, known.get(name));
  }

  /** Loads what there is; returns the rows added, and the first failure if a log could not be loaded. */
  async function pass(goOn: () => boolean): Promise<{ readonly rows: number; readonly error?: unknown }> {
    const startedAt = timers.now();
    const before = counts.loadedRows;
    const errors: unknown[] = [];
    let behind = 0;
    // One log's failure must not hold up the others.
    const attempt = (work: () => Promise<number>): Promise<void> =>
      work().then(
        (bytes) => {
          behind += bytes;
        },
        (error) => {
          errors.push(error);
        },
      );
    let names: readonly string[] = [];
    await attempt(async () => {
      names = await listLogs(logs);
      return 0;
    });
    for (const name of names) {
      await attempt(() => loadLog(name, goOn));
      if (!goOn()) break;
    }
    if (errors.length === 0) {
      if (goOn()) completeAt = startedAt;
      backlogBytes = behind;
      lastError = undefined;
      failures = 0;
      return { rows: counts.loadedRows - before };
    }
    backlogBytes = await measureBacklog(names).catch(() => backlogBytes);
    failures += 1;
    lastError = errors[0] instanceof Error ? errors[0].message : String(errors[0]);
    for (const error of errors) onError(error);
    return { rows: counts.loadedRows - before, error: errors[0] };
  }

  async function measureBacklog(names: readonly string[]): Promise<number> {
    const bytes = await Promise.all(names.map((name) => bytesAfter(logFolder(logs, name), positions?.get(name))));
    return bytes.reduce((sum, part) => sum + part, 0);
  }

  async function follow(): Promise<void> {
    while (!stopped) {
      hinted = false;
      const { rows, error } = await turn(() => pass(() => !stopped));
      await watchAll();
      if (error !== undefined) await rest(Math.min(MAX_PAUSE_MS, intervalMs * 2 ** failures));
      // After rows a full pause, so that a busy log is loaded in fewer and larger pieces.
      else if (rows > 0) await rest(intervalMs);
      else await rest(intervalMs, { untilHint: true });
    }
  }

  async function rest(ms: number, { untilHint = false } = {}): Promise<void> {
    if (stopped || (untilHint && hinted)) return;
    await new Promise<void>((resolve) => {
      const cancel = timers.after(ms, resolve);
      wake = () => {
        if (!stopped && !untilHint) return;
        cancel();
        resolve();
      };
    });
    wake = () => undefined;
  }

  async function watchAll(): Promise<void> {
    const names = await listLogs(logs).catch((): readonly string[] => []);
    for (const name of names) {
      if (stopped || watched.has(name)) continue;
      watched.set(
        name,
        watch(logFolder(logs, name), () => {
          hinted = true;
          wake();
        }),
      );
    }
  }

  return {
    start() {
      if (running) return;
      stopped = false;
      running = follow();
    },
    async stop() {
      stopped = true;
      wake();
      await running;
      running = undefined;
      for (const unwatch of watched.values()) unwatch();
      watched.clear();
    },
    async drain() {
      const { error } = await turn(() => pass(() => true));
      if (error !== undefined) throw error;
    },
    stats: () => ({
      lagMs: Math.max(0, timers.now() - completeAt),
      backlogBytes,
      ...counts,
      ...(lastError === undefined ? {} : { lastError }),
    }),
    onChunk(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
