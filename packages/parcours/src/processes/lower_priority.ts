import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/**
 * Lets a child with a session of its own step back for all others. `nice` goes from 1 to 19: with 10, Linux leaves it a tenth of a core
 * that another process wants as well.
 *
 * Where Linux groups by session (autogroup, as most distributions have it), it weighs sessions first, and nice values only within each:
 * a process alone in its session is as strong as any other. So the group steps back as well. Source: sched(7), "The autogroup feature".
 */
export function lowerPriority(pid: number, nice: number): void {
  quietly(() => setPriority(pid, nice));
  if (process.platform === 'linux') quietly(() => writeFileSync(`/proc/${pid}/autogroup`, String(nice)));
}

/** Stepping back is a courtesy; a system that refuses it runs all the same. */
function quietly(stepBack: () => void): void {
  try {
    stepBack();
  } catch {}
}
