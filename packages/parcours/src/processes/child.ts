import { ConfigError } from '../config/error.ts';
import type { ChildMessage, ParentMessage, Running } from './messages.ts';
import type { LatestStatus, ProgramStatus } from './status.ts';

/** Ms that a child may take to finish before it is left to the parent's kill. */
const DRAIN_MS = 9_000;

const TELL_MS = 1_000;

/**
 * The life of a child process: starts its work, tells the parent, and stops on SIGTERM, SIGINT or when the parent is
 * gone, whichever comes first. What fails at the start and would fail again is told as fatal.
 */
export async function runChild(start: (status: LatestStatus) => Promise<Running>): Promise<void> {
  let stopping = false;
  let status: ProgramStatus | undefined;
  process.on('message', (message: ParentMessage) => {
    status = message.status;
  });
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
    running = await start(() => status);
    tell({ type: 'ready', address: running.address });
    tellFigures(running);
  } catch (error) {
    if (!isFatal(error)) throw error;
    tell({ type: 'fatal', message: fatalMessage(error) }, () => process.exit(1));
  }
}

const tell = (message: ChildMessage, then: () => void = () => {}): void => {
  if (process.send) process.send(message, then);
};

/** Tells the parent how the child is, each time the parent has taken the last one: a parent that hangs gathers none. */
function tellFigures(running: Running): void {
  let isTaken = true;
  const timer = setInterval(() => {
    if (!isTaken || !process.connected) return;
    isTaken = false;
    tell({ type: 'figures', figures: running.figures() }, () => {
      isTaken = true;
    });
  }, TELL_MS);
  timer.unref();
}

type SystemError = NodeJS.ErrnoException & { port?: number };

const isFatal = (error: unknown): error is Error =>
  error instanceof ConfigError || ['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL'].includes((error as SystemError).code ?? '');

function fatalMessage(error: Error): string {
  const { code, port, message } = error as SystemError;
  if (code === 'EADDRINUSE') return `port ${port} is in use; choose another with --port or --console-port`;
  return message;
}
