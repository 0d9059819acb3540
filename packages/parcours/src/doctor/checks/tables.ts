import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type DayFile, listDayFiles } from '@parcours/store';
import { defineCheck, type Fault } from '../check.ts';
import type { Context } from '../context.ts';
import { count } from '../numbers.ts';
import { openReadOnly, readParquet } from '../probes/read_parquet.ts';

/** Files read whole, and how large one may be to be. */
const SAMPLE = 6;
const MAX_BYTES = 64 * 1024 * 1024;

/** The database can be made again from log and days; a day whose log has gone cannot be made again from anything. */
export const tables = defineCheck({
  name: 'tables',
  about: 'Whether the database opens and answers, and a sample of the sealed days can be read to the last value.',
  faults: {
    database: {
      verdict: 'red',
      means: 'The database does not open or answer. Nothing is lost: log and sealed days hold it all.',
      fix: 'stop the program, then: parcours rebuild --data {data}',
    },
    day: {
      verdict: 'red',
      means: 'A sealed day cannot be read. Once its log is gone it is the only copy of that day.',
      fix: 'bring the file back from a backup (parcours restore <backup file> --data <another folder>), and check the disk (dmesg, smartctl -a)',
    },
  },
  async run(context, tell) {
    const values = { data: context.folder.root };
    const faults: Fault[] = [];
    const database = await databaseFault(context);
    if (database !== undefined) faults.push(tell('database', database, { values }));
    const files = await listDayFiles(join(context.folder.store, 'days'));
    const sample = await sampleOf(files);
    for (const { path } of sample) {
      const reason = await readParquet(path).then(
        () => undefined,
        (error: Error) => error.message.split('\n', 1)[0],
      );
      if (reason !== undefined) faults.push(tell('day', `${path} cannot be read: ${reason}`, { values }));
    }
    // What is not there cannot answer, and is no fault: the next start makes it.
    const said = context.run || (await isThere(context.folder.database)) ? 'the database answers' : 'no database yet';
    const found = `${said}; ${count(files.length, 'sealed file')}, ${sample.length} read`;
    return { found, faults };
  },
});

async function databaseFault({ folder, run, probes }: Context): Promise<string | undefined> {
  const answers = run && (await probes.query('SELECT count(*) AS rows FROM events').catch((error: Error) => error));
  if (answers && !(answers instanceof Error)) return undefined;
  // Not there yet is made at the next start.
  if (!(await isThere(folder.database))) return undefined;
  const reason = await openReadOnly(folder.database).then(
    () => undefined,
    (error: Error) => error.message.split('\n', 1)[0],
  );
  // Held by a reader that does not answer: the line running says so.
  return reason !== undefined && /lock/i.test(reason) ? undefined : reason;
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    ({ size }) => size > 0,
    () => false,
  );

/** The newest, which were written last, and some of all times. */
async function sampleOf(files: readonly DayFile[]): Promise<readonly DayFile[]> {
  const newest = files.slice(-SAMPLE / 2);
  const older = files.slice(0, -SAMPLE / 2);
  const step = Math.max(1, Math.floor(older.length / (SAMPLE / 2)));
  const picked = [...older.filter((_, at) => at % step === 0).slice(0, SAMPLE / 2), ...newest];
  const sizes = await Promise.all(
    picked.map(({ path }) =>
      stat(path).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return picked.filter((_, at) => (sizes[at] ?? 0) <= MAX_BYTES);
}
