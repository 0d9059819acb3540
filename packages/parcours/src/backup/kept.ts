import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** One kind of file that a backup takes along. */
export interface KeptPart {
  /** Where it lies in the data folder: a file, or the folder of them. */
  readonly at: string;
  /** The whole path of each file, with `/`, from the data folder on. It guards what may be restored, too. */
  readonly files: RegExp;
  /** Left out by `--without-secrets`. */
  readonly secret?: true;
}

/** A name that stays in its folder, and is no file in the making. */
const NAME = String.raw`(?![.])(?![^/]*[.](?:new|part|tmp)(?:/|$))[^/\\\0]+`;
const path = (pattern: string): RegExp => new RegExp(`^${pattern.replaceAll('NAME', NAME)}$`);

/**
 * What of a data folder must be kept, in the order in which it is copied while the program runs on.
 *
 * - The log before the sealed days: the reader seals a day before it lets go of the segments that hold it. So whatever
 *   segment goes away while we copy is in a day that we have still to copy; the other way round it would be in neither.
 * - The secrets after all that was made with them.
 *
 * Whatever else lies in a data folder is in `DERIVED`, and made again.
 */
export const KEPT: readonly KeptPart[] = [
  { at: 'log', files: path(String.raw`log/NAME/\d{15}\.log`) },
  { at: 'control', files: path('control/(?:NAME/)*NAME') },
  { at: 'receipts', files: path(String.raw`receipts/NAME/\d{15}\.log`) },
  // After them, here and below: a segment that age takes while we copy is named by a cut that was written before it went.
  { at: 'receipts', files: path(String.raw`receipts/NAME/\d{15}\.cut`) },
  { at: 'audit', files: path(String.raw`audit/NAME/\d{15}\.log`) },
  { at: 'audit', files: path(String.raw`audit/NAME/\d{15}\.cut`) },
  { at: 'store/days', files: path(String.raw`store/days/NAME/(?:NAME/)?\d{4}-\d\d-\d\d\.parquet`) },
  // After the days: what of them it says is gone stays away, though it lies in a file that was copied before.
  { at: 'retention.json', files: path(String.raw`retention\.json`) },
  { at: 'scripts', files: path('scripts/(?:NAME/)?NAME') },
  { at: 'secrets.json', files: path(String.raw`secrets\.json`), secret: true },
  { at: 'format.json', files: path(String.raw`format\.json`) },
];

/** What a data folder holds besides, by its path: left out of a backup, for the program makes it again. */
export const DERIVED: readonly RegExp[] = [
  /** A hint to the writer of a log. */
  path(String.raw`log/NAME/loaded\.json`),
  /** A hint to the writers of the audit log. */
  path(String.raw`audit/NAME/end\.hint`),
  /** The database, and what its loads, queries and copies have in hand. */
  /^store\/(?!days\/)/,
  path(String.raw`run\.json`),
  /** The reader's own door. */
  path(String.raw`reader\.sock`),
  /** Files in the making. */
  /\.(?:new|part|tmp)$/,
];

/** Whether a path is one that a backup may hold: of a kept part, and without a way out of the folder. */
export const isKept = (file: string): boolean => KEPT.some(({ files }) => files.test(file));

/** The paths of a part's files as they are now, sorted; none where there are none. Links are passed over. */
export async function listKept(root: string, { at, files }: KeptPart): Promise<readonly string[]> {
  const found: string[] = [];
  for (const file of await filesUnder(root, at)) if (files.test(file)) found.push(file);
  return found.sort();
}

/** Every file at or under a path of a folder, by its path from that folder on. */
export async function filesUnder(root: string, at: string): Promise<readonly string[]> {
  let entries: Awaited<ReturnType<typeof namesIn>>;
  try {
    entries = await namesIn(join(root, at));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTDIR') return [at];
    if (code === 'ENOENT') return [];
    throw error;
  }
  const found: string[] = [];
  for (const entry of entries) {
    const path = at === '' ? entry.name : `${at}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await filesUnder(root, path)));
    else if (entry.isFile()) found.push(path);
  }
  return found;
}

const namesIn = (folder: string) => readdir(folder, { withFileTypes: true });
