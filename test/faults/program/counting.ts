import { type ChildProcess, spawn } from 'node:child_process';
import { lowerPriority } from '../../../packages/parcours/src/processes/lower_priority.ts';

/**
 * Starts programs that do nothing but count, in sessions of their own, and gives their end. Beside any of them a wake-up takes
 * longer, whatever its priority: what is measured beside one is what the machine does to everybody.
 */
export function startCounting({ programs, nice }: { readonly programs: number; readonly nice: number }): () => void {
  const counting = Array.from({ length: programs }, (): ChildProcess => {
    const child = spawn(process.execPath, ['-e', 'for (;;);'], { detached: true, stdio: 'ignore' });
    if (child.pid) lowerPriority(child.pid, nice);
    return child;
  });
  return () => {
    for (const child of counting) child.kill('SIGKILL');
  };
}
