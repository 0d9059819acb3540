import { readFileSync } from 'node:fs';

/** Of `/proc` on Linux, whatever the machine: `USER_HZ`. */
const TICKS_PER_SECOND = 100;

/** Ms of processor time that a process has had so far. Source: proc_pid_stat(5), `utime` and `stime`. */
export function processorMs(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // Its name, in brackets, may hold anything: the third field is the first after it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND;
}
