import type { Disk, OpenDisk } from '../queue/disk.ts';
import type { Item } from '../queue/item.ts';

/** A disk that outlives trackers, in memory: what IndexedDB is to pages. `full` makes writes fail. */
export function createDisks() {
  const disks = new Map<string, Map<string, Item>>();
  let full = false;
  const opened: string[] = [];
  const open: OpenDisk = (name): Disk => {
    opened.push(name);
    const items = disks.get(name) ?? new Map<string, Item>();
    disks.set(name, items);
    return {
      async put(chunk) {
        if (full) throw new DOMException('full', 'QuotaExceededError');
        for (const item of chunk) items.set(item.id, structuredClone(item));
      },
      all: async () => [...items.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
      async remove(gone) {
        for (const { id } of gone) items.delete(id);
      },
    };
  };
  return {
    open,
    opened,
    items: (name: string): Item[] => [...(disks.get(name)?.values() ?? [])],
    erase: (name: string): void => disks.get(name)?.clear(),
    fill: (): void => {
      full = true;
    },
  };
}
