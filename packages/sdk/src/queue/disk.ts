import type { Item } from './item.ts';

/**
 * Where queued events outlive the page, shared by a site's tabs. Each method may reject, and the queue then lives on in
 * memory. Reads and writes take effect in the order of their calls.
 */
export interface Disk {
  /** Writes the items of a chunk, in one transaction that is begun before the caller's task ends. */
  keep(chunk: readonly Item[]): Promise<unknown>;
  /** All items, in no order. */
  stored(): Promise<Item[]>;
  /** Takes written items out of their chunks, as these stand now: another page may have taken out others. */
  forget(items: readonly Item[]): Promise<unknown>;
}

/** Opens a disk by its name, and creates it where there is none. */
export type OpenDisk = (name: string) => Disk;
