import { fork } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A process of its own that a test may kill. */
export interface Child {
  /** Resolves once it has sent so many messages; rejects if it ends before. */
  told(messages: number): Promise<void>;
  kill(): void;
  /** The signal that ended it, or nothing if it ended by itself. */
  readonly ended: Promise<NodeJS.Signals | null>;
}

/** Bundles a module for Node as it is, and runs it. */
export async function startChild(module: URL, args: readonly string[]): Promise<Child> {
  // Beside the package's own modules, where a bare import finds its dependencies.
  const outfile = fileURLToPath(new URL(`../../node_modules/.child-${process.pid}.mjs`, import.meta.url));
  await build({
    entryPoints: [fileURLToPath(module)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  const child = fork(outfile, args, { execArgv: [] });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('exit', (_code, signal) => resolve(signal));
  }).finally(() => rm(outfile, { force: true }));
  let count = 0;
  child.on('message', () => {
    count += 1;
  });
  return {
    ended,
    told: (messages) =>
      new Promise((resolve, reject) => {
        if (count >= messages) return resolve();
        child.on('message', () => count >= messages && resolve());
        child.once('exit', () => reject(new Error(`the child ended after ${count} messages`)));
      }),
    kill: () => child.kill('SIGKILL'),
  };
}
