import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isFileError } from '@parcours/store/log';
import { interrupted, isInterrupted } from './backup/interrupted.ts';
import { dataFolder } from './data_folder.ts';
import { MIGRATIONS } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import { version } from './version.ts';
import { replaceFile } from './whole_file.ts';

/** Why a data folder cannot be used as it is: one line that says what to do. */
export class DataFormatError extends Error {
  override name = 'DataFormatError';
  constructor(
    readonly code: 'newer_format' | 'older_format' | 'interrupted_restore' | 'bad_format',
    message: string,
  ) {
    super(message);
  }
}

interface FormatFile {
  readonly format: number;
  /** Of the program that wrote it. */
  readonly version: string;
}

const FILE = 'format.json';

/** The format that a list of migrations leads to. */
export const formatOf = (migrations: readonly Migration[]): number => migrations.at(-1)?.to ?? 0;

/** The format in which this program keeps a data folder. */
export const FORMAT = formatOf(MIGRATIONS);

/** A data folder's format; 0 where none was written down yet. */
export const readFormat = async (root: string): Promise<number> => (await readFormatFile(root))?.format ?? 0;

async function readFormatFile(root: string): Promise<FormatFile | undefined> {
  const path = join(root, FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return undefined;
    throw error;
  }
  const found = parse(text);
  if (found) return found;
  throw new DataFormatError('bad_format', `${path}: "format" must be a whole number above 0; restore it from a backup`);
}

function parse(text: string): FormatFile | undefined {
  try {
    const { format, version } = JSON.parse(text) as Partial<Record<keyof FormatFile, unknown>>;
    if (!Number.isSafeInteger(format) || (format as number) < 1) return undefined;
    return { format: format as number, version: String(version) };
  } catch {
    return undefined;
  }
}

/** Durable: what was migrated must not be taken for what it was. */
const writeFormat = (root: string, format: number): Promise<void> =>
  replaceFile(join(root, FILE), `${JSON.stringify({ format, version } satisfies FormatFile)}\n`);

export interface MigrateOptions {
  /** Called before each step. */
  readonly onStep?: (step: Migration) => void;
  /** Default: all that there are. */
  readonly migrations?: readonly Migration[];
}

/**
 * The steps that a data folder has yet to take, none for one that is new or up to date.
 *
 * @throws DataFormatError where the folder is of a newer format, or half restored
 */
export async function pendingMigrations(root: string, migrations = MIGRATIONS): Promise<readonly Migration[]> {
  if (await isInterrupted(root)) throw new DataFormatError('interrupted_restore', interrupted(root));
  const known = formatOf(migrations);
  const found = await readFormatFile(root);
  if (found && found.format > known) {
    const of = `data format ${found.format}, written by parcours ${found.version}`;
    throw new DataFormatError(
      'newer_format',
      `${root} is of ${of}; parcours ${version} knows up to ${known}: use that one`,
    );
  }
  if (!found && (await isNew(root))) return [];
  return migrations.filter(({ to }) => to > (found?.format ?? 0));
}

/** Takes all pending steps, one after the other; after each the format is written down, so that none is lost to a crash. */
export async function migrate(root: string, { onStep, migrations = MIGRATIONS }: MigrateOptions = {}): Promise<void> {
  for (const step of await pendingMigrations(root, migrations)) {
    onStep?.(step);
    await step.run(dataFolder(root));
    await writeFormat(root, step.to);
  }
}

/**
 * What a start does with a data folder: notes the format of a new one, takes steps that are safe by itself, and refuses
 * where one is not.
 *
 * @throws DataFormatError
 */
export async function prepareDataFolder(root: string, options: MigrateOptions = {}): Promise<void> {
  const pending = await pendingMigrations(root, options.migrations);
  const unsafe = pending.find(({ isSafe }) => !isSafe);
  if (unsafe) {
    const what = `it must be migrated, which ${unsafe.does}`;
    throw new DataFormatError(
      'older_format',
      `${root} was made by an earlier version: ${what}. Back it up, then: parcours migrate --data ${root}`,
    );
  }
  await migrate(root, options);
  if (!(await isNew(root))) return;
  await mkdir(root, { recursive: true });
  await writeFormat(root, formatOf(options.migrations ?? MIGRATIONS));
}

/** Nothing was received or served from it yet: sites and keys may be made before the first start. */
async function isNew(root: string): Promise<boolean> {
  const names = await readdir(root).catch((error): string[] => {
    if (isFileError(error, 'ENOENT')) return [];
    throw error;
  });
  return !['log', 'store', 'scripts', FILE].some((name) => names.includes(name));
}
