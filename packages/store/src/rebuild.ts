import { access, link, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Engine, ErasureRequest, FailurePurge } from './engines/engine.ts';
import { createLoader } from './loader.ts';
import { isFileError } from './log/files.ts';
import type { BadLine } from './log/read.ts';
import { listDayFiles } from './parquet.ts';
import type { Expiry } from './retention/classes.ts';

export interface RebuildOptions {
  /** The database file to make again. */
  readonly path: string;
  /** The folder that holds the log folders. */
  readonly logs: string;
  /** Ids of failures that were settled: they do not come back. */
  readonly settled?: readonly string[];
  /** What failures have in common that were purged: they do not come back either. */
  readonly purged?: readonly FailurePurge[];
  /** Who was erased: nothing that names them comes back, out of sealed days or out of the log. */
  readonly erased?: ErasureRequest;
  /** What age had taken away: it does not come back, from sealed days that were not yet written anew nor from the logs. */
  readonly expired?: readonly Expiry[];
  /** Opens an engine on a file: where its sealed days lie is in here. */
  readonly open: (path: string) => Promise<Engine>;
  /** Ms since the epoch, for the name of what is moved aside. */
  readonly now: number;
  /** Called for each line of a log that holds no record: it is passed over. */
  readonly onBad?: (log: string, line: BadLine) => void;
}

export interface Rebuilt {
  /** Rows of `events` taken from sealed days, and from the logs after them. */
  readonly restoredRows: number;
  readonly loadedRows: number;
  /** Lines of the logs that held no record; absent where all did. */
  readonly badLines?: number;
  /** Where the old file is now; absent if there was none. */
  readonly movedAside?: string;
}

/**
 * Makes the database again from sealed days and the logs, beside the old file, which is then moved aside, never deleted.
 * Nothing else may have the database open. An interruption leaves the old file where it was; run it again.
 */
export async function rebuild({
  path,
  logs,
  settled = [],
  purged = [],
  erased,
  expired = [],
  open: openEngine,
  now,
  onBad = () => undefined,
}: RebuildOptions): Promise<Rebuilt> {
  const target = resolve(path);
  const fresh = `${target}.rebuilding`;
  await removeDatabase(fresh);
  const engine = await openEngine(fresh);
  const rows = await fill(engine, { logs, settled, purged, erased, expired, onBad }).finally(() => engine.close());
  const aside = `${target}.${new Date(now).toISOString().replace(/[:.]/g, '-')}.broken`;
  const movedAside = await moveAside(target, aside);
  await rename(fresh, target);
  await moveIfThere(`${fresh}.wal`, `${target}.wal`);
  await syncFolder(dirname(target));
  return { ...rows, ...(movedAside ? { movedAside: aside } : {}) };
}

async function fill(
  engine: Engine,
  {
    logs,
    settled,
    purged,
    erased,
    expired,
    onBad,
  }: Required<Pick<RebuildOptions, 'logs' | 'settled' | 'purged' | 'expired' | 'onBad'>> & {
    readonly erased: ErasureRequest | undefined;
  },
): Promise<Omit<Rebuilt, 'movedAside'>> {
  const days = await engine.restoreDays();
  await engine.settleFailures(settled);
  await engine.purgeFailures(purged);
  const gone = erased && (await engine.eraseSubjects(erased));
  // The logs' writers keep the old word on their backlog: this engine is nobody's yet.
  const loader = createLoader({ logs, engine, confirm: false, onBad });
  await loader.drain();
  for (const expiry of expired) await engine.expire(expiry);
  const { loadedRows, badLines } = loader.stats();
  return {
    restoredRows: days.reduce((sum, { rows }) => sum + rows, 0) - (gone?.events ?? 0),
    loadedRows,
    ...(badLines > 0 && { badLines }),
  };
}

/**
 * Whether a database must be rebuilt before it is used because there is none, though there are sealed days: opening it
 * would quietly begin an empty one.
 */
export async function isMissing({ path, folder }: { path: string; folder: string }): Promise<boolean> {
  if (await isThere(path)) return false;
  return (await listDayFiles(join(folder, 'days'))).length > 0;
}

/** The old file gets a second name first, so that at no moment the database is missing. Its log goes before it. */
async function moveAside(from: string, to: string): Promise<boolean> {
  if (!(await isThere(from))) return false;
  await moveIfThere(`${from}.wal`, `${to}.wal`);
  await link(from, to).catch(async (error) => {
    // Some file systems have no second names.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].some((code) => isFileError(error, code))) throw error;
    await rename(from, to);
  });
  return true;
}

async function moveIfThere(from: string, to: string): Promise<void> {
  if (await isThere(from)) await rename(from, to);
}

async function removeDatabase(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(`${path}.wal`, { force: true });
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
