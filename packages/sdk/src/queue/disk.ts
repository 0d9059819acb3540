import type { Item } from './item.ts';

/**
 * Where queued events outlive the page, shared by a site's tabs. Each method may reject, and the queue then lives on in
 * memory. Reads and writes take effect in the order of their calls.
 */
export interface Disk {
  /** Writes in one transaction, begun before the caller's task ends. */
  put(items: readonly Item[]): Promise<unknown>;
  /** All items in order of their ids. */
  all(): Promise<Item[]>;
  remove(items: readonly Item[]): Promise<unknown>;
}

/** Opens a disk by its name, and creates it where there is none. */
export type OpenDisk = (name: string) => Disk;
