import { ConfigError } from '../config/error.ts';
import type { ChildMessage, ParentMessage, Running } from './messages.ts';
import type { LatestStatus, ProgramStatus } from './status.ts';

/** Ms that a child may take to finish what is in its hands: the program is to be gone within ten seconds, on a slow machine too. */
const DRAIN_MS = 8_000;

const TELL_MS = 1_000;

/**
 * The life of a child process: starts its work, tells the parent, and stops on SIGTERM or SIGINT. What fails at the start and
 * would fail again is told as fatal.
 *
 * Where the parent is gone it ends at once, without draining: whoever starts the program again must not meet a writer that
 * still appends to the same logs. Nothing that was answered is lost by it, as by any kill.
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
  const end = (): never => process.exit(1);
  process.on('disconnect', end);
  // It may have gone before anybody listened: nothing tells of that later.
  if (process.send && !process.connected) end();
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
