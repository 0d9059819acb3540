import { execFileSync } from 'node:child_process';
import { PATIENCE_MS } from './patience.ts';

/** Process ids of the children of a process, by what the system says now. */
export const childrenOf = (pid: number): readonly number[] => childrenNow(pid).map((child) => child.pid);

/** The process of one part of a running program; undefined while it is not there. Ids tell nothing: they begin anew some day. */
export const partOf = (pid: number, role: 'collector' | 'reader'): number | undefined =>
  childrenNow(pid).find(({ title }) => title.startsWith(`parcours ${role}`))?.pid;

function childrenNow(of: number): readonly { readonly pid: number; readonly title: string }[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, state]) => Number(parent) === of && !state?.startsWith('Z'))
    .map(([pid, , , ...args]) => ({ pid: Number(pid), title: args.join(' ') }));
}

export function isAlive(pid: number): boolean {
  const state = execFileSync('sh', ['-c', `ps -o stat= -p ${pid} || true`], { encoding: 'utf8' }).trim();
  return state !== '' && !state.startsWith('Z');
}

/** Resolves once a condition holds; it is asked again after every turn of the event loop's timers. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${PATIENCE_MS} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
