import { BIN, type Child, startChild } from './child.ts';
import { childrenOf, isAlive, until } from './processes.ts';

/** `parcours serve` over a folder that the test keeps, to be stopped, killed and started again. */
export interface Served {
  readonly child: Child;
  /** Origin of the public listener. */
  readonly collector: string;
  /** Origin of the private listener. */
  readonly console: string;
  /** As a power cut would: parent and children at once, with no time to finish anything. */
  kill(): Promise<void>;
}

export interface ServeOptions {
  readonly data: string;
  /** Configuration file. Default: none. */
  readonly config?: string;
  readonly flags?: readonly string[];
}

/** Starts it, on free ports where the flags name none, without waiting for anything. */
export function spawnServe({ data, config, flags = [] }: ServeOptions): Child {
  const ports = ['--port', '--console-port'].flatMap((flag) => (flags.includes(flag) ? [] : [flag, '0']));
  const settings = [...(config === undefined ? [] : ['--config', config]), '--data', data];
  return startChild(process.execPath, [BIN, 'serve', '--json', ...settings, ...ports, ...flags]);
}

/** Starts it, and waits until both its processes are ready; ended with all that it started where it does not get there. */
export async function serve(options: ServeOptions): Promise<Served> {
  const child = spawnServe(options);
  try {
    // Its first word tells the line from those of the log, which name the collector too.
    const [line] = await child.saw(/^\{"collector".*\}$/m);
    const { collector, console } = JSON.parse(line) as { readonly collector: string; readonly console: string };
    return { child, collector, console, kill: () => killAll(child) };
  } catch (error) {
    await child.stop('SIGKILL');
    throw error;
  }
}

async function killAll(child: Child): Promise<void> {
  const all = [child.pid, ...childrenOf(child.pid)];
  for (const pid of all) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  }
  await until(() => !all.some(isAlive), 'all processes are gone');
}
