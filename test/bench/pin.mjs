import { execFileSync } from 'node:child_process';

const canPin = process.platform === 'linux';

/** What stands before a command so that it runs on one core only; nothing where the system cannot. */
export const onCore = (core) => (canPin ? ['taskset', '-c', String(core)] : []);

/** Keeps this process, the load, off the core of what is measured. */
export function pinThis(core) {
  if (canPin) execFileSync('taskset', ['-acp', String(core), String(process.pid)], { stdio: 'ignore' });
}
