import type { Disk, OpenDisk } from '../queue/disk.ts';
import type { Item } from '../queue/item.ts';

/**
 * A disk that outlives trackers, in memory, a record a chunk: what IndexedDB is to pages. `fill` makes writes fail; after `stall`
 * none is done, as where the page goes before its turn comes, until `resume`.
 */
export function createDisks() {
  const disks = new Map<string, Map<string, readonly Item[]>>();
  let full = false;
  let isStalled = false;
  const opened: string[] = [];
  const open: OpenDisk = (name): Disk => {
    opened.push(name);
    const chunks = disks.get(name) ?? new Map<string, readonly Item[]>();
    disks.set(name, chunks);
    return {
      async keep(chunk) {
        if (full) throw new DOMException('full', 'QuotaExceededError');
        if (isStalled) await new Promise<never>(() => {});
        chunks.set(chunk[0]!.chunk!, structuredClone(chunk));
      },
      stored: async () => itemsOf(chunks),
      async forget(gone) {
        for (const chunk of new Set(gone.map((item) => item.chunk!))) {
          const left = chunks.get(chunk)?.filter(({ id }) => !gone.some((item) => item.id === id)) ?? [];
          if (left[0]) chunks.set(chunk, left);
          else chunks.delete(chunk);
        }
      },
    };
  };
  return {
    open,
    opened,
    items: (name: string): Item[] => itemsOf(disks.get(name)),
    erase: (name: string): void => disks.get(name)?.clear(),
    fill: (): void => {
      full = true;
    },
    stall: (): void => {
      isStalled = true;
    },
    resume: (): void => {
      isStalled = false;
    },
  };
}

const itemsOf = (chunks: ReadonlyMap<string, readonly Item[]> = new Map()): Item[] =>
  [...chunks.values()].flat().sort((a, b) => (a.id < b.id ? -1 : 1));
