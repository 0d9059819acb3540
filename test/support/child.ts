import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The workspace's folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The program as built. */
export const BIN = join(ROOT, 'packages/parcours/dist/bin.js');

/** A process that a test started, with all that it wrote. */
export interface Child {
  readonly pid: number;
  /** Everything on standard output and error so far. */
  output(): string;
  /** The first part of the output that matches, as soon as there is one; rejects if the process ends before. */
  saw(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Its end, with all that it wrote read. */
  readonly ended: Promise<Ending>;
  /** Signals the process and all that it started, and waits for its end. Default SIGTERM. */
  stop(signal?: NodeJS.Signals): Promise<Ending>;
}

export interface Ending {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ChildOptions {
  /** On top of this process's own, less what would change where the program listens and writes. */
  readonly env?: NodeJS.ProcessEnv;
  /** Default: the workspace. */
  readonly cwd?: string;
}

/** Starts a command in a process group of its own, so that nothing it starts outlives the test. */
export function startChild(
  command: string,
  args: readonly string[],
  { env = {}, cwd = ROOT }: ChildOptions = {},
): Child {
  const { PORT, CONSOLE_PORT, SHOP_PORT, DATA, ...inherited } = process.env;
  const child = spawn(command, args, {
    cwd,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  let isOver = false;
  const looks = new Set<() => void>();
  const lookAgain = (): void => {
    for (const look of looks) look();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      lookAgain();
    });
  }
  const ended = new Promise<Ending>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      isOver = true;
      lookAgain();
      resolve({ code, signal });
    });
  });
  // A command that cannot be started is told to whoever waits for it; nobody waiting is no fault of its own.
  ended.catch(() => {});

  return {
    pid: child.pid ?? 0,
    output: () => output,
    ended,
    saw: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = output.match(pattern);
          if (match !== null) resolve(match);
          else if (isOver) reject(new Error(`${command} ended without ${pattern}:\n${output}`));
          else return;
          looks.delete(look);
        };
        looks.add(look);
        ended.catch(reject);
        look();
      }),
    stop: (signal = 'SIGTERM') => {
      if (isRunning(child)) process.kill(-(child.pid as number), signal);
      return ended;
    },
  };
}

const isRunning = (child: ChildProcess): boolean =>
  child.pid !== undefined && child.exitCode === null && child.signalCode === null;
