import { readdir, readFile, readlink } from 'node:fs/promises';

/**
 * CPU time, memory, open files and connections of a process with all its threads; nothing but NaN where the system does not tell.
 * Source: proc_schedstat, proc_pid_statm(5) in pages of 4 KB, proc_pid_fd(5).
 *
 * @param {number} pid
 */
export async function usageOf(pid) {
  if (process.platform !== 'linux') return NOTHING;
  const threads = await readdir(`/proc/${pid}/task`);
  // A thread may end between the list and the look.
  const times = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '0')),
  );
  const pages = Number((await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ')[1]);
  const open = await readdir(`/proc/${pid}/fd`);
  const kinds = await Promise.all(open.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
  const sockets = kinds.filter((kind) => kind.startsWith('socket:')).length;
  return {
    cpuMs: times.reduce((sum, time) => sum + Number.parseInt(time, 10), 0) / 1e6,
    rssMb: (pages * 4096) / 1e6,
    files: open.length - sockets,
    sockets,
  };
}

const NOTHING = { cpuMs: Number.NaN, rssMb: Number.NaN, files: Number.NaN, sockets: Number.NaN };
