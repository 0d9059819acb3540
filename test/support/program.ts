import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { isAlive, partOf, until } from './processes.ts';
import { askProgram, askReader, type Row, rowsWhen } from './reader.ts';
import { serve } from './serve.ts';

export { askProgram, type Row, rowsWhen } from './reader.ts';

/** The built program, running on free ports over a data folder of its own. */
export interface Program {
  /** Origin of the public listener, such as `http://localhost:40123`. */
  readonly collector: string;
  /** Origin of the private listener. */
  readonly console: string;
  /** Signs a browser in to the console, as the link of `parcours login` does, and goes to a page of it. */
  signIn(page: Page, path?: string): Promise<void>;
  readonly data: string;
  /** One SELECT, asked of the reader as the command line does. Rejects with the reader's reason. */
  query(select: string): Promise<readonly Row[]>;
  /**
   * Asks again until the rows are as wanted: rows appear within two seconds of the collector's answer.
   * It rejects with the last rows when patience is over.
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
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const { child, collector, console } = await serve({ data, config: file }).catch(async (error) => {
    await remove();
    throw error;
  });
  const query = (select: string): Promise<readonly Row[]> => askProgram(select, { data });
  return {
    collector,
    console,
    signIn: async (page, path = '/') => {
      const { url } = await askReader<{ readonly url: string }>('/v1/login-links', {}, data);
      await page.goto(`${url}&next=${encodeURIComponent(path)}`);
    },
    data,
    query,
    rowsWhen: (select, wanted) => rowsWhen(() => query(select), wanted),
    output: child.output,
    killCollector: async () => {
      const pid = partOf(child.pid, 'collector') as number;
      process.kill(pid, 'SIGKILL');
      await until(() => !isAlive(pid), 'the collector is gone');
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
}
