import { ConfigError } from '../config.ts';
import type { ChildMessage, Running } from './messages.ts';

/** Ms that a child may take to finish before it is left to the parent's kill. */
const DRAIN_MS = 9_000;

/**
 * The life of a child process: starts its work, tells the parent, and stops on SIGTERM, SIGINT or when the parent is
 * gone, whichever comes first. What fails at the start and would fail again is told as fatal.
 */
export async function runChild(start: () => Promise<Running>): Promise<void> {
  let stopping = false;
  let running: Running | undefined;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), DRAIN_MS).unref();
    void Promise.resolve(running?.stop()).then(() => process.exit(0));
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  process.on('disconnect', stop);
  try {
    running = await start();
    tell({ type: 'ready', address: running.address });
  } catch (error) {
    if (!isFatal(error)) throw error;
    tell({ type: 'fatal', message: fatalMessage(error) }, () => process.exit(1));
  }
}

const tell = (message: ChildMessage, then: () => void = () => {}): void => {
  if (process.send) process.send(message, then);
};

type SystemError = NodeJS.ErrnoException & { port?: number };

const isFatal = (error: unknown): error is Error =>
  error instanceof ConfigError || ['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL'].includes((error as SystemError).code ?? '');

function fatalMessage(error: Error): string {
  const { code, port, message } = error as SystemError;
  if (code === 'EADDRINUSE') return `port ${port} is in use; choose another with --port or --console-port`;
  return message;
}
