import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** A command that runs beside this process, on its own standard streams. */
export interface RunningCommand {
  /** Its exit code; 128 and the signal's number where one ended it, as a shell has it. Rejects where it cannot be started. */
  readonly ended: Promise<number>;
  /** Passes a signal on. */
  signal(name: NodeJS.Signals): void;
}

/** @param env on top of this process's own */
export function runCommand(
  [command = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
): RunningCommand {
  const child = spawn(command, args, {
    stdio: 'inherit',
    env: { ...process.env, ...env },
    // There npm and its like are batch files, which only a shell can start.
    shell: process.platform === 'win32',
  });
  return {
    ended: new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    }),
    signal: (name) => void child.kill(name),
  };
}
