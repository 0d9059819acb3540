import { type ChildProcess, fork } from 'node:child_process';
import type { Config } from '../config/index.ts';
import { childConfig } from './child_config.ts';
import { lowerPriority } from './lower_priority.ts';
import type { ChildMessage, ChildRole, ParentMessage } from './messages.ts';
import { CHILD_CONFIG, CHILD_INSTANCE, CHILD_ROLE, CHILD_WRITER } from './messages.ts';
import type { ChildFigures, PartStatus, ProgramStatus } from './status.ts';

export interface ChildSpec {
  readonly role: ChildRole;
  /** Name of what it writes, where it writes anything: of its folder among the logs, the receipts and the control records. */
  readonly writer?: string;
  /** Flags for Node, such as a memory limit. */
  readonly nodeFlags?: readonly string[];
  /** Nice value, 0 to 19: how far it steps back for the others once it is ready, and from its birth where it is started again. */
  readonly nice?: number;
}

export interface Supervised {
  /** Address that the child serves; settles at its first start. */
  readonly ready: Promise<string>;
  /** Process id of the child that runs now. */
  pid(): number | undefined;
  status(): PartStatus;
  /** Tells the child how the program is; nothing while it has yet to take the last one. */
  tell(status: ProgramStatus): void;
  /** Asks it to finish, and kills it after ten seconds. */
  stop(): Promise<void>;
}

const STOP_MS = 10_000;
const FIRST_RESTART_MS = 100;
/** With its start, a part that keeps dying is back within five seconds each time: what browsers hold meanwhile is little. */
const LONGEST_RESTART_MS = 1_000;
/** A first start may be as quick as the machine is for so long: what takes longer is work, such as a rebuild. */
const QUICK_START_MS = 10_000;
/** A child that lived this long had a good start: the next restart is quick again. */
const GOOD_LIFE_MS = 30_000;

/**
 * Keeps one child running: starts it, starts it again when it dies, a little later each time it dies young.
 * A child that cannot start at all (`fatal` before it was ever ready) rejects `ready` and is left alone.
 */
export function supervise({
  script,
  spec,
  config,
  instance,
  onRestart,
}: {
  readonly script: string;
  readonly spec: ChildSpec;
  /** Asked at each start. */
  readonly config: () => Config;
  /** Name of this run of the program. */
  readonly instance: string;
  readonly onRestart: (role: ChildRole, cause: string, delayMs: number) => void;
}): Supervised {
  let child: ChildProcess | undefined;
  let restart: NodeJS.Timeout | undefined;
  let stopping = false;
  let wasReady = false;
  let delay = FIRST_RESTART_MS;
  let isUp = false;
  let bornAt: number | undefined;
  let told: { readonly figures: ChildFigures; readonly figuresAt: number } | undefined;
  let isTaken = true;
  const restarts: Record<string, number> = {};
  const { promise: ready, resolve, reject } = withResolvers<string>();

  const begin = (): void => {
    const startedAt = performance.now();
    const born = fork(script, [], {
      execArgv: [...(spec.nodeFlags ?? [])],
      env: {
        ...process.env,
        [CHILD_ROLE]: spec.role,
        [CHILD_INSTANCE]: instance,
        [CHILD_WRITER]: spec.writer ?? '',
        [CHILD_CONFIG]: JSON.stringify(childConfig(config())),
      },
      // Its own group: Ctrl-C reaches the parent alone, which then stops the children in order.
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child = born;
    bornAt = Date.now();
    isTaken = true;
    let fatal: string | undefined;
    const stepBack = (): void => {
      if (spec.nice && born.pid) lowerPriority(born.pid, spec.nice);
    };
    // Nobody waits for the others yet; later they are at work, maybe at their limit.
    const patience = setTimeout(stepBack, wasReady ? 0 : QUICK_START_MS);
    born.on('message', (message: ChildMessage) => {
      if (message.type === 'ready') {
        clearTimeout(patience);
        stepBack();
        wasReady = true;
        isUp = true;
        resolve(message.address);
      } else if (message.type === 'figures') told = { figures: message.figures, figuresAt: Date.now() };
      else fatal = message.message;
    });
    const onEnd = (code: number | null, signal: NodeJS.Signals | null): void => {
      clearTimeout(patience);
      child = undefined;
      isUp = false;
      bornAt = undefined;
      if (stopping) return;
      if (!wasReady && fatal !== undefined) {
        reject(new Error(fatal));
        return;
      }
      if (performance.now() - startedAt > GOOD_LIFE_MS) delay = FIRST_RESTART_MS;
      const cause = fatal === undefined ? (signal ?? 'exit') : 'fatal';
      restarts[cause] = (restarts[cause] ?? 0) + 1;
      onRestart(spec.role, fatal ?? (signal ? `killed by ${signal}` : `ended with code ${code}`), delay);
      restart = setTimeout(begin, delay);
      delay = Math.min(delay * 2, LONGEST_RESTART_MS);
    };
    born.on('exit', onEnd);
    // One that could not be started never exits. A message to one that is just dying fails too: its exit is what counts.
    born.on('error', () => born.pid === undefined && onEnd(null, null));
  };
  begin();

  return {
    ready,
    pid: () => child?.pid,
    status: () => ({
      role: spec.role,
      isUp,
      ...(bornAt !== undefined && { startedAt: bornAt }),
      restarts: { ...restarts },
      ...told,
    }),
    tell(status) {
      if (!isTaken || !child?.connected) return;
      const listener = child;
      isTaken = false;
      listener.send({ type: 'status', status } satisfies ParentMessage, () => {
        if (child === listener) isTaken = true;
      });
    },
    async stop() {
      stopping = true;
      clearTimeout(restart);
      const dying = child;
      if (!dying) return;
      const gone = new Promise<void>((done) => dying.once('exit', () => done()));
      dying.kill('SIGTERM');
      const kill = setTimeout(() => dying.kill('SIGKILL'), STOP_MS);
      await gone;
      clearTimeout(kill);
    },
  };
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
