import { readFile } from 'node:fs/promises';
import { dataFolder } from '../../packages/parcours/src/data_folder.ts';
import { readRunFile } from '../../packages/parcours/src/run_file.ts';
import { PATIENCE_MS } from './patience.ts';

/** A row by column. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * Asks the reader that runs on a data folder as the command line does, without a process of its own for each question:
 * tests ask hundreds. What the commands themselves say is for the tests of commands.
 *
 * @param path such as `/v1/query`
 * @throws where nothing answers there, or with the reader's own reason
 */
export async function askReader<T>(path: string, body: object, data: string): Promise<T> {
  const folder = dataFolder(data);
  const run = await readRunFile(folder.run);
  if (!run) throw new Error(`nothing runs on ${data}`);
  const { admin } = JSON.parse(await readFile(folder.secrets, 'utf8')) as { readonly admin: string };
  const response = await fetch(`${run.console}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${admin}` },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as T & {
    readonly error?: { readonly code: string; readonly message: string };
  };
  if (answer.error) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  return answer;
}

/** One SELECT, with the rows by column: all of them, or it throws. */
export async function askProgram(
  select: string,
  { data, maxRows = 100_000 }: { readonly data: string; readonly maxRows?: number },
): Promise<readonly Row[]> {
  const { columns, rows, truncated } = await askReader<{
    readonly columns: readonly { readonly name: string }[];
    readonly rows: readonly (readonly unknown[])[];
    readonly truncated: boolean;
  }>('/v1/query', { sql: select, maxRows }, data);
  if (truncated) throw new Error(`more than ${maxRows} rows: ${select}`);
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])));
}

/** Short beside the time that an event takes to become a row. */
const PAUSE_MS = 25;
/** Where it takes long the machine is busy, and the reader is to load rather than to answer. */
const LONGEST_PAUSE_MS = 250;

/** Asks again until the answer is as wanted; rejects with the last one when patience is over. */
export async function rowsWhen<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  const until = performance.now() + PATIENCE_MS;
  for (let pause = PAUSE_MS; ; pause = Math.min(1.2 * pause, LONGEST_PAUSE_MS)) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    if (performance.now() > until) throw new Error(`not as wanted after ${PATIENCE_MS} ms: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
