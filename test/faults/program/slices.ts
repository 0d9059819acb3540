import { join } from 'node:path';
import { ROOT, startChild } from '../../support/child.ts';

/** Ms of every so many that a process may run. */
export interface Slices {
  readonly runMs: number;
  readonly periodMs: number;
}

/** Cuts what a process can do to a share of the machine, as a busier or smaller one would. Resolves once it is; gives its end. */
export async function startSlices(pid: number, { runMs, periodMs }: Slices): Promise<() => Promise<void>> {
  const script = join(ROOT, 'test/faults/program/slices.mjs');
  const child = startChild(process.execPath, [script, `${pid}`, `${runMs}`, `${periodMs}`]);
  await child.saw(/slicing/);
  return async () => {
    await child.stop();
  };
}
