import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { ROOT, startChild } from './child.ts';
import { isAlive, partOf, until } from './processes.ts';

const BIN = join(ROOT, 'packages/parcours/dist/bin.js');

/** A row by column. */
export type Row = Readonly<Record<string, unknown>>;

/** The built program, running on free ports over a data folder of its own. */
export interface Program {
  /** Origin of the public listener, such as `http://localhost:40123`. */
  readonly collector: string;
  /** Origin of the private listener. */
  readonly console: string;
  /** Signs a browser in to the console, as the link of `parcours login` does, and goes to a page of it. */
  signIn(page: Page, path?: string): Promise<void>;
  readonly data: string;
  /** One SELECT through the command line, as an operator asks it. Rejects with what the command wrote. */
  query(select: string): Promise<readonly Row[]>;
  /**
   * Asks again until the rows are as wanted: rows appear within two seconds of the collector's answer.
   * Each try takes the start of a process, so this needs no pause; after 15 s it rejects with the last rows.
   */
  rowsWhen(select: string, wanted: (rows: readonly Row[]) => boolean): Promise<readonly Row[]>;
  output(): string;
  /** Kills the collector's process as a crash would; the program starts it again on the same port. */
  killCollector(): Promise<void>;
  /** Process id of the reader that runs now. */
  readerPid(): Promise<number>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

export interface ProgramOptions {
  /** Origins of pages that may send. Default none. */
  readonly origins?: readonly string[];
  /** More configuration, over what is here by default: site `shop` with key `pk_demo`. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Starts `parcours serve` as built, and waits until both its processes are ready. */
export async function startProgram({ origins = [], config = {} }: ProgramOptions = {}): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'parcours-test-'));
  const data = join(folder, 'data');
  const file = join(folder, 'parcours.config.json');
  await writeFile(file, JSON.stringify({ sites: [{ id: 'shop', keys: ['pk_demo'], origins }], ...config }));
  const flags = ['--config', file, '--data', data, '--port', '0', '--console-port', '0'];
  const child = startChild(process.execPath, [BIN, 'serve', '--json', ...flags]);
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const [line] = await child.saw(/^\{"collector".*\}$/m);
    const addresses = JSON.parse(line) as { readonly collector: string; readonly console: string };
    const query = (select: string): Promise<readonly Row[]> => askProgram(select, { data });
    return {
      collector: addresses.collector,
      console: addresses.console,
      signIn: async (page, path = '/') => {
        const { stdout } = await promisify(execFile)(process.execPath, [BIN, 'login', '--json', '--data', data]);
        const { url } = JSON.parse(stdout) as { readonly url: string };
        await page.goto(`${url}&next=${encodeURIComponent(path)}`);
      },
      data,
      query,
      rowsWhen: (select, wanted) => rowsWhen(() => query(select), wanted),
      output: child.output,
      killCollector: async () => {
        const collector = partOf(child.pid, 'collector');
        process.kill(collector as number, 'SIGKILL');
        await until(() => !isAlive(collector as number), 'the collector is gone');
      },
      async readerPid() {
        await until(() => partOf(child.pid, 'reader') !== undefined, 'the reader runs');
        return partOf(child.pid, 'reader') as number;
      },
      stop: async () => {
        await child.stop();
        await remove();
      },
    };
  } catch (error) {
    await child.stop('SIGKILL');
    await remove();
    throw error;
  }
}

/** One SELECT through `parcours query --json`, with the rows by column. */
export async function askProgram(
  select: string,
  { data, maxRows = 1000 }: { readonly data: string; readonly maxRows?: number },
): Promise<readonly Row[]> {
  const args = [BIN, 'query', select, '--json', '--data', data, '--max-rows', String(maxRows)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 });
  const { columns, rows } = JSON.parse(stdout) as {
    readonly columns: readonly { readonly name: string }[];
    readonly rows: readonly (readonly unknown[])[];
  };
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])));
}

const PATIENCE_MS = 15_000;

/** Asks until the answer is as wanted; rejects with the last one after 15 s. */
export async function rowsWhen<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    if (performance.now() > until) throw new Error(`not as wanted after ${PATIENCE_MS} ms: ${JSON.stringify(answer)}`);
  }
}
