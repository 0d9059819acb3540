import { LIMITS } from '@parcours/protocol';
import type { Drops } from '../drops.ts';
import type { Scope } from '../scope.ts';
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

/** An item as this page sees it; on the disk the marks mean nothing. */
interface Waiting extends Item {
  readonly own: boolean;
  sending?: boolean;
  /** Its write was begun: when it is no longer on the disk, another page has settled it. */
  written?: boolean;
}

const LIFE_MS = LIMITS.queueDays * 86_400_000;

/** What a batch adds around each event: comma and index of its stamp. */
const FRAME_BYTES = 16;

/**
 * The durable queue. An item leaves by its answer, by age (`queue_expired`) or for room (`queue_full`), in no other way.
 *
 * @param disk   undefined where the browser has none
 * @param signal ends it: nothing more is written
 */
export function createQueue(
  disk: Disk | undefined,
  drops: Pick<Drops, 'add'>,
  { Date, signal }: Pick<Scope, 'Date'> & { readonly signal: AbortSignal },
): Queue {
  let items = new Map<string, Waiting>();
  let burst: Waiting[] = [];

  const forget = (gone: readonly Item[]): void => {
    for (const { id } of gone) items.delete(id);
    if (gone.length) disk?.remove(gone.map(({ id }) => id)).catch(() => {});
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

  /** One transaction a burst, begun before the task ends: a kill costs only what the browser had no time for. */
  const write = (): void => {
    trim();
    const fresh = burst.filter(({ id }) => items.has(id));
    burst = [];
    if (!fresh.length || signal.aborted) return;
    for (const item of fresh) item.written = true;
    disk?.put(fresh).catch(() => {
      for (const item of fresh) item.written = false;
    });
  };

  return {
    add(added) {
      for (const item of added) {
        const waiting = { ...item, own: true };
        items.set(item.id, waiting);
        if (burst.push(waiting) === 1) queueMicrotask(write);
      }
    },
    take(events, room, own) {
      trim();
      const taken: Waiting[] = [];
      const stamps = new Set<string>();
      for (const item of items.values()) {
        if (item.sending || (own && !item.own)) continue;
        room -= item.bytes + FRAME_BYTES + (stamps.has(item.stamp) ? 0 : item.stamp.length);
        if (taken.length >= events || room < 0 || stamps.add(item.stamp).size > LIMITS.batchStamps) break;
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
      try {
        const stored = new Map((await disk!.all()).map((item) => [item.id, item]));
        for (const [id, { written, sending }] of known) if (written && !sending && !stored.has(id)) items.delete(id);
        // What was known before and is no longer was settled while the disk was read.
        for (const [id, item] of stored) if (!known.has(id)) items.set(id, { ...item, own: false, sending: false, written: true });
        items = new Map([...items].sort());
      } catch {
        // None, blocked, full, or erased by another page: this one goes on with what it has.
      }
    },
  };
}
