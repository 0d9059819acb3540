import { readFile, rename, rm, writeFile } from 'node:fs/promises';

/** Where the running program of a data folder listens: how the command line finds it. */
export interface RunFile {
  readonly pid: number;
  readonly collector: string;
  readonly console: string;
}

export async function writeRunFile(path: string, run: RunFile): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(run));
  await rename(`${path}.new`, path);
}

/** What runs on a data folder, or nothing. A file left behind by a process that is gone counts as nothing. */
export async function readRunFile(path: string): Promise<RunFile | undefined> {
  try {
    const run = JSON.parse(await readFile(path, 'utf8')) as RunFile;
    process.kill(run.pid, 0);
    return run;
  } catch (error) {
    // EPERM: it runs, as another user.
    if ((error as NodeJS.ErrnoException).code === 'EPERM') return JSON.parse(await readFile(path, 'utf8')) as RunFile;
    return undefined;
  }
}

export const removeRunFile = (path: string): Promise<void> => rm(path, { force: true });
