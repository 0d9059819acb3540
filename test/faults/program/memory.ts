import { readFileSync } from 'node:fs';

/** Megabytes of memory that a process holds now. Source: proc_pid_status(5), `VmRSS` in kB. */
export function residentMb(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

/** The most that a process holds while something goes on. */
export async function mostResidentMb(pid: () => number | undefined, during: Promise<unknown>): Promise<number> {
  let most = 0;
  let isOver = false;
  const over = during.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const now = pid();
    if (now !== undefined) {
      try {
        most = Math.max(most, residentMb(now));
      } catch {
        // It was just gone.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await over;
  return most;
}
