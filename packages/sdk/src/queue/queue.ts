import { LIMITS } from '@parcours/protocol';
import type { Drops } from '../drops.ts';
import type { Disk } from './disk.ts';
import type { Item } from './item.ts';

/** Events that wait for the collector's answer: memory in front, a disk behind where there is one. */
export interface Queue {
  add(items: readonly Item[]): void;
  /** The oldest that nobody is sending, up to so many events and bytes, now being sent. `own`: captured by this page. */
  take(events: number, bytes: number, own?: boolean): Item[];
  /** They are no longer being sent. Those `done` are answered for good and forgotten everywhere. */
  release(items: readonly Item[], done: readonly Item[]): void;
  /** Takes in what other pages left on the disk and forgets what they settled. Never rejects. */
  sync(): Promise<void>;
}

/** The most that may wait: beyond it the oldest go, counted as `queue_full`. */
export const QUEUE_LIMITS = { events: 5_000, bytes: 2 * 1024 * 1024 } as const;

/** An item as this page sees it. */
interface Waiting extends Item {
  /** Captured by this page. */
  own?: boolean;
  sending?: boolean;
}

const LIFE_MS = LIMITS.queueDays * 86_400_000;

/**
 * The durable queue. An item leaves by its answer, by age (`queue_expired`) or for room (`queue_full`), in no other way.
 *
 * @param disk   undefined where the browser has none
 * @param signal ends it: the disk is not touched any more
 */
export function createQueue(disk: Disk | undefined, drops: Pick<Drops, 'add'>, signal: AbortSignal): Queue {
  let items = new Map<string, Waiting>();
  let burst: Item[] = [];

  // Not read either: a lock that is given after a withdrawal must not make the database anew.
  signal.addEventListener('abort', () => {
    disk = undefined;
  });

  const forget = (gone: readonly Item[]): void => {
    for (const { id } of gone) items.delete(id);
    const written = gone.filter((item) => item.chunk);
    if (written[0]) disk?.remove(written).catch(() => {});
  };

  /** Lets go of what is too old or too much. What is being sent may be stored already: its answer decides. */
  const trim = (): void => {
    const gone: Item[] = [];
    let count = items.size;
    let bytes = 0;
    for (const item of items.values()) bytes += item.bytes;
    for (const item of items.values()) {
      const isExpired = Date.now() - item.at > LIFE_MS;
      const isOver = count > QUEUE_LIMITS.events || bytes > QUEUE_LIMITS.bytes;
      if (item.sending || !(isExpired || isOver)) continue;
      count--;
      bytes -= item.bytes;
      gone.push(item);
      drops.add(isExpired ? 'queue_expired' : 'queue_full');
    }
    forget(gone);
  };

  /** A chunk, its write begun before the task ends: a kill costs only what the browser had no time for. */
  const write = (): void => {
    trim();
    const chunk = burst.filter((item) => items.has(item.id));
    burst = [];
    if (!chunk[0]) return;
    for (const item of chunk) item.chunk = chunk[0].id;
    disk?.put(chunk).catch(() => {
      // What is not on it may still be unsent: memory alone from now on.
      disk = undefined;
    });
  };

  return {
    add(added) {
      for (const item of added) {
        items.set(item.id, Object.assign(item, { own: true }));
        const size = burst.push(item);
        if (size === 1) queueMicrotask(write);
        // As many as one batch takes, so that its answer mostly settles whole chunks.
        else if (size === LIMITS.batchStamps) write();
      }
    },
    take(events, room, onlyOwn) {
      trim();
      const taken: Waiting[] = [];
      for (const item of items.values()) {
        if (item.sending || (onlyOwn && !item.own)) continue;
        // The stamp makes up for what a batch puts around the event.
        room -= item.bytes + item.stamp.length;
        if (taken.length >= events || room < 0) break;
        taken.push(item);
        item.sending = true;
      }
      return taken;
    },
    release(sent, done) {
      for (const item of sent as Waiting[]) item.sending = false;
      forget(done);
    },
    async sync() {
      write();
      const known = new Map(items);
      const stored = await disk?.all().catch(() => {});
      if (!disk || !stored) return;
      for (const item of stored) {
        // What was known before and is known no longer was settled while the disk was read.
        // The page that wrote it may have been sending it.
        if (!known.delete(item.id)) items.set(item.id, { ...item, own: false, sending: false });
      }
      // What is no longer on the disk another page has settled.
      for (const [id, { sending }] of known) if (!sending) items.delete(id);
      items = new Map([...items].sort());
    },
  };
}
