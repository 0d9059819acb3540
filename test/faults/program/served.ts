import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, ROOT, startChild } from '../../support/child.ts';
import { isAlive, partOf, until } from '../../support/processes.ts';
import { askProgram } from '../../support/program.ts';
import { runShell } from '../../support/shell.ts';
import type { Load } from './load.ts';
import { onSmallDisk } from './small_disk.ts';

const BIN = join(ROOT, 'packages/parcours/dist/bin.js');

/** The built program on ports of its own, started again as often as a test likes over the same data. */
export interface Served {
  readonly collector: string;
  readonly console: string;
  readonly data: string;
  /** The process that keeps the others running. */
  pid(): number;
  pidOf(role: 'collector' | 'reader'): number | undefined;
  /** Kills one of its processes, or all that there are. */
  kill(role: 'collector' | 'reader' | 'all'): void;
  /** Starts it again after it ended, as the system's service manager does: as often as it takes. */
  startAgain(): Promise<void>;
  child(): Child;
  output(): string;
  stop(): Promise<void>;
}

export interface ServeOptions {
  readonly config?: Readonly<Record<string, unknown>>;
  /** Default: a temporary folder, removed at the end. */
  readonly data?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Gives the data folder a disk of its own, of so many megabytes, which ends with the program: see `mayMount`. */
  readonly diskMb?: number;
}

export async function serveProgram(options: ServeOptions = {}): Promise<Served> {
  const { config = {}, data: given, env = {}, diskMb } = options;
  const folder = await mkdtemp(join(tmpdir(), 'parcours-fault-'));
  const data = given ?? join(folder, 'data');
  const file = join(folder, 'parcours.config.json');
  const limits = { perAddress: 1_000_000, perKey: 1_000_000 };
  const sites = [{ id: 'shop', keys: ['pk_demo'] }];
  await writeFile(file, JSON.stringify({ sites, rateLimits: limits, logLevel: 'warn', ...config }));
  const prefix = diskMb === undefined ? [] : onSmallDisk(data, diskMb);
  const start = (port: string, consolePort: string): Child => {
    const flags = ['--config', file, '--data', data, '--port', port, '--console-port', consolePort];
    const [command, ...args] = [...prefix, process.execPath, BIN, 'serve', '--json', ...flags] as [string, ...string[]];
    return startChild(command, args, { env });
  };
  const ready = async (): Promise<{ readonly collector: string; readonly console: string }> => {
    const [line] = await child.saw(/^\{"collector".*\}$/m);
    return JSON.parse(line);
  };
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  let child = start('0', '0');
  let before = '';
  let port: string;
  let consolePort: string;
  try {
    const addresses = await ready();
    // Kept at every other start.
    [port, consolePort] = [new URL(addresses.collector).port, new URL(addresses.console).port];
  } catch (error) {
    await child.stop('SIGKILL');
    await remove();
    throw error;
  }
  const served: Served = {
    collector: `http://127.0.0.1:${port}`,
    console: `http://127.0.0.1:${consolePort}`,
    // A disk of its own is seen through the process that has it.
    data: diskMb === undefined ? data : `/proc/${child.pid}/root${data}`,
    pid: () => child.pid,
    pidOf: (role) => partOf(child.pid, role),
    kill(role) {
      const parts = [partOf(child.pid, 'collector'), partOf(child.pid, 'reader')];
      const named = role === 'all' ? [child.pid, ...parts] : [parts[role === 'collector' ? 0 : 1]];
      for (const pid of named) if (pid !== undefined) killNow(pid);
    },
    async startAgain() {
      await child.ended;
      before += child.output();
      for (let tries = 0; ; tries++) {
        child = start(port, consolePort);
        try {
          await ready();
          return;
        } catch (error) {
          if (tries === 50) throw error;
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      }
    },
    child: () => child,
    output: () => before + child.output(),
    async stop() {
      const left = [partOf(child.pid, 'collector'), partOf(child.pid, 'reader')];
      await child.stop();
      await until(() => !left.some((pid) => pid !== undefined && isAlive(pid)), 'its processes are gone');
      await remove();
    },
  };
  return served;
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was just gone.
  }
}

/** Ms for which a reader may load nothing while something is left to load. */
const CATCH_UP_MS = 60_000;
/** Between two looks: who asks all the time keeps the reader from loading. */
const LOOK_MS = 200;

/** What became of what a load sent, once the reader has caught up: lost, or in more than one row. */
export async function judgeRows(served: Served, load: Pick<Load, 'promised'>) {
  let rows = new Map<string, number>();
  const lost = (): string[] => [...load.promised].filter((id) => !rows.has(id));
  // A reader that is just being started again does not answer yet.
  const ask = (select: string) => askProgram(select, { data: served.data, maxRows: 1_000_000 }).catch(() => []);
  let loaded = -1;
  let looked = -1;
  let giveUp = performance.now() + CATCH_UP_MS;
  for (;;) {
    const [counted] = await ask('SELECT count(*) AS n FROM events');
    const now = Number(counted?.n ?? loaded);
    if (now !== loaded) giveUp = performance.now() + CATCH_UP_MS;
    loaded = now;
    const isOver = performance.now() > giveUp;
    // All of them only once there are enough.
    if (isOver || (loaded >= load.promised.size && looked !== loaded)) {
      const asked = await ask('SELECT event_id, count(*) AS n FROM events GROUP BY event_id');
      if (asked.length > 0) looked = loaded;
      rows = new Map(asked.map(({ event_id, n }) => [String(event_id), Number(n)]));
      if (isOver || lost().length === 0) break;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return { lost: lost(), twice: [...rows].filter(([, n]) => n > 1).map(([id]) => id), rows: rows.size };
}

/** What `parcours receipts verify` says. */
export async function verifyReceipts(
  served: Served,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const { code, stdout, stderr } = await runShell(`parcours receipts verify --data ${served.data}`, {
    cwd: join(served.data, '..'),
  });
  return { code, output: stdout + stderr };
}
