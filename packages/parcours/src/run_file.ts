import { readFile, rename, rm, writeFile } from 'node:fs/promises';

/** Where the running program of a data folder listens: how the command line finds it. */
export interface RunFile {
  readonly pid: number;
  /** Made anew at each start; the console's `/healthz` tells it. */
  readonly instance: string;
  readonly collector: string;
  readonly console: string;
  /** When it was started, and in which version; absent in the files of earlier versions, as all below. */
  readonly started_at?: string;
  readonly version?: string;
  /** Its configuration file, absolute; absent where it was started without. */
  readonly config?: string;
  /** The last times that a part died and was started again, oldest first. */
  readonly restarts?: readonly Restart[];
}

export interface Restart {
  readonly at: string;
  readonly role: string;
  /** Such as `killed by SIGKILL`. */
  readonly cause: string;
}

export async function writeRunFile(path: string, run: RunFile): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(run));
  await rename(`${path}.new`, path);
}

/** What was last said to run on a data folder; nothing where the file is absent or torn. */
export async function readRunFile(path: string): Promise<RunFile | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as RunFile;
  } catch {
    return undefined;
  }
}

const ANSWER_MS = 1_000;

/**
 * Whether the program that wrote the file still runs. Asked of the program itself: a process id may be another's by now
 * (in a container it nearly always is), and so may a port, but the instance is told by nobody else.
 */
export async function isRunning({ console, instance }: RunFile): Promise<boolean> {
  try {
    const response = await fetch(`${console}/healthz`, { signal: AbortSignal.timeout(ANSWER_MS) });
    return ((await response.json()) as { instance?: string }).instance === instance;
  } catch {
    return false;
  }
}

export const removeRunFile = (path: string): Promise<void> => rm(path, { force: true });
