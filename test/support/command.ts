import { execFile } from 'node:child_process';
import { BIN, ROOT } from './child.ts';

/** How a command ended, and what it wrote. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** Default: the workspace. */
  readonly cwd?: string;
  /** As another person. */
  readonly uid?: number;
  readonly gid?: number;
}

/** Runs one command of the program as built, to its end, however that is. */
export const runParcours = (args: readonly string[], { cwd = ROOT, ...more }: CommandOptions = {}): Promise<Ran> =>
  new Promise((resolve) => {
    const options = { cwd, ...more, maxBuffer: 256 * 1024 * 1024 };
    execFile(process.execPath, [BIN, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });

/**
 * The same for a command that must succeed; gives what it wrote to standard output.
 *
 * @throws an error that is a `Ran` too
 */
export async function outputOf(args: readonly string[], options?: CommandOptions): Promise<string> {
  const ran = await runParcours(args, options);
  if (ran.code === 0) return ran.stdout;
  throw Object.assign(new Error(`parcours ${args.join(' ')} ended with ${ran.code}:\n${ran.stderr}`), ran);
}
