import { stat } from 'node:fs/promises';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { diskOf } from '../disk.ts';
import type { ChildRole } from '../processes/messages.ts';
import { version } from '../version.ts';

/**
 * The registry of one process, with what every process tells of itself: prom-client's defaults (CPU, memory, event loop,
 * garbage collection, open handles), its build, and the disk of the data folder. Once a process: the defaults watch
 * garbage collection until it ends.
 */
export function createProcessRegistry({ part, data }: { readonly part: ChildRole; readonly data: string }): Registry {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'parcours_build_info',
    help: 'Always 1; the labels say which version of the program and of Node runs here, and as which part',
    labelNames: ['version', 'node', 'part'],
    registers,
  }).set({ version, node: process.versions.node, part }, 1);
  new Gauge({
    name: 'parcours_disk_free_bytes',
    help: 'Bytes that the program may still write on the disk of the data folder',
    registers,
    async collect() {
      this.set((await diskOf(data))?.freeBytes ?? Number.NaN);
    },
  });
  new Gauge({
    name: 'parcours_disk_size_bytes',
    help: 'Size of the disk of the data folder',
    registers,
    async collect() {
      this.set((await diskOf(data))?.sizeBytes ?? Number.NaN);
    },
  });
  return registry;
}

/** Bytes of a file; 0 where there is none. */
export const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );
