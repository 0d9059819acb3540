import { mkdir, readdir, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { EngineOpenError } from '../errors.ts';
import { migrate } from './schema.ts';
import { literal } from './sql.ts';

/** What the open database is called in SQL. */
export const CATALOG = 'parcours';

/**
 * Rows of a row group. Smaller than DuckDB's 122,880, so that a load of this many goes compressed straight to the file
 * instead of through the write-ahead log and again through a checkpoint: commits of 36,000 rows took 5 ms against 200. Of a sealed
 * file too: a fifth to a third less CPU to write one of 167,000 rows, the same size and the same to read.
 */
export const ROW_GROUP_ROWS = 30_720;

const MIB = 1024 * 1024;
const MAX_SPILL_MIB = 10 * 1024;

/**
 * What queries may spill to the disk: a quarter of what is free. The log lies on the same disk, and a question must never
 * take the room that events need.
 */
async function spillMib(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return Math.max(1, Math.min(MAX_SPILL_MIB, Math.floor((bavail * bsize) / MIB / 4)));
}

/**
 * Takes away what a process had spilled when it was killed: up to 10 GB that nobody counts, and rows of people who may have been
 * erased since. DuckDB leaves it there. Only once the database is this process's, for until then another may be using it.
 */
async function emptyFolder(folder: string): Promise<void> {
  for (const left of await readdir(folder)) await rm(join(folder, left), { recursive: true, force: true });
}

export interface DatabaseOptions {
  readonly path: string;
  /** The only folders that SQL may touch. */
  readonly folders: readonly string[];
  readonly spillFolder: string;
  readonly memoryLimit: string;
  readonly threads?: number | undefined;
}

/** An open database whose settings are locked: nothing that runs in it from now on can change them or reach other files. */
export interface Database {
  connect(): Promise<DuckDBConnection>;
  close(): void;
}

/** @throws EngineOpenError */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  await mkdir(dirname(options.path), { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: options.memoryLimit,
    ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_unsigned_extensions: 'false',
    temp_directory: options.spillFolder,
    checkpoint_threshold: '64MB',
  });
  try {
    const connection = await instance.connect();
    await attach(connection, options.path);
    await emptyFolder(options.spillFolder);
    for (const statement of [
      `USE ${CATALOG}`,
      // A comparison of a time with now() must not depend on where the machine stands.
      `SET GLOBAL TimeZone = 'UTC'`,
      `SET GLOBAL max_temp_directory_size = '${await spillMib(options.spillFolder)}MiB'`,
      `SET GLOBAL allowed_directories = [${options.folders.map(literal).join(', ')}]`,
      `SET GLOBAL enable_external_access = false`,
    ])
      await connection.run(statement);
    await migrate(connection);
    await connection.run('SET GLOBAL lock_configuration = true');
    connection.closeSync();
  } catch (error) {
    instance.closeSync();
    throw error;
  }
  return {
    async connect() {
      const connection = await instance.connect();
      await connection.run(`USE ${CATALOG}`);
      return connection;
    },
    close: () => instance.closeSync(),
  };
}

async function attach(connection: DuckDBConnection, path: string): Promise<void> {
  try {
    await connection.run(`ATTACH ${literal(path)} AS ${CATALOG} (ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`);
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0];
    if (/lock/i.test(reason ?? ''))
      throw new EngineOpenError('locked', `${path} is in use: ${reason}`, { cause: error });
    throw new EngineOpenError('unreadable', `${path} cannot be opened: ${reason}`, { cause: error });
  }
}
