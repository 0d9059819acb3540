import { LIMITS } from '@parcours/protocol';
import type { Drops } from '../drops.ts';
import type { NewId } from '../event_id.ts';
import type { Identity } from '../identity.ts';
import { timeout } from '../post.ts';
import type { Disk } from './disk.ts';
import type { Item } from './item.ts';

/** Events that wait for the collector's answer: memory in front, a disk behind where there is one. */
export interface Queue {
  add(items: readonly Item[]): void;
  /** The oldest that nobody is sending, up to so many events and bytes, now being sent. `own`: captured by this page. */
  take(events: number, bytes: number, own?: boolean): Item[];
  /**
   * They are no longer being sent. Those `done` are answered for good and forgotten everywhere: on the disk when this
   * resolves, so that no tab whose turn comes next finds them there. Never rejects.
   */
  release(items: readonly Item[], done: readonly Item[]): Promise<unknown> | undefined;
  /** Takes in what other pages left on the disk and forgets what they settled. Never rejects. */
  sync(): Promise<void>;
  /** Takes from what this page captured what may not be kept any more. What other pages left is let go of until it is read anew. */
  regate(): void;
  /** All that waits, oldest first. */
  items(): Iterable<Item>;
}

/** The most that may wait: beyond it the oldest go, counted as `queue_full`. */
export const QUEUE_LIMITS = { events: 5_000, bytes: 2 * 1024 * 1024 } as const;

/** An item as this page sees it. */
interface Waiting extends Item {
  /** Captured by this page. */
  own?: boolean;
  sending?: boolean;
}

const DISK_WAIT_MS = 1_000;

/**
 * What the disk does, if it is done soon: it fails, or an erasure that a frozen tab holds up holds up all that comes after
 * it. Source: IndexedDB 3.0, 2.1.3 connection queues.
 */
const soon = <Result>(work: Promise<Result> | undefined): Promise<Result | undefined> =>
  Promise.race([
    work,
    new Promise<undefined>((_, reject) => timeout(DISK_WAIT_MS)?.addEventListener('abort', reject)),
  ]).catch(() => undefined);

const LIFE_MS = LIMITS.queueDays * 86_400_000;

/**
 * The durable queue. An item leaves by its answer, by age (`queue_expired`) or for room (`queue_full`), in no other way.
 *
 * @param disk     undefined where the browser has none
 * @param admit    what may be kept of an event, as JSON: '' for nothing. Asked of what other pages left, and by `regate`
 * @param isLast   whether this page's choice is the last: only then it has a say on what other pages left
 * @param identity where a page that goes leaves events: with the ids, so that a withdrawal takes them too
 * @param newId    names chunks: not by their events, since what is written anew must not go over what it was written with before
 * @param signal   ends it: the disk is not touched any more
 */
export function createQueue(
  disk: Disk | undefined,
  {
    drops,
    admit,
    isLast,
    identity,
    newId,
    signal,
  }: {
    readonly drops: Pick<Drops, 'add'>;
    readonly admit: (text: string) => string;
    readonly isLast: () => unknown;
    readonly identity: Pick<Identity, 'keep' | 'stored'>;
    readonly newId: NewId;
    readonly signal: AbortSignal;
  },
): Queue {
  let items = new Map<string, Waiting>();
  /** A write comes before the task ends. */
  let isDue = false;

  // Not read either: a lock that is given after a withdrawal must not make the database anew.
  signal.addEventListener('abort', () => {
    disk = undefined;
    // Nor must a write that is due leave anything.
    items = new Map();
  });

  /** They are on the disk, or nobody needs them any more. */
  const unleave = (gone: readonly Item[]): void => {
    const { left } = identity.stored();
    const rest = left?.filter(({ id }) => gone.every((one) => one.id !== id));
    if (left?.[rest!.length]) identity.keep({ left: rest });
  };

  const forget = (gone: readonly Item[]): Promise<unknown> | undefined => {
    if (!gone[0]) return;
    for (const { id } of gone) items.delete(id);
    unleave(gone);
    return soon(disk?.forget(gone));
  };

  /** Lets go of what is too old or too much. What is being sent may be stored already: its answer decides. */
  const trim = (): void => {
    const gone: Item[] = [];
    let count = items.size;
    let bytes = [...items.values()].reduce((sum, one) => sum + one.bytes, 0);
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

  /**
   * Chunks, their writes begun before the task ends: a kill costs only what the browser had no time for. Each has as many as
   * one batch takes, so that its answer mostly settles whole chunks.
   *
   * Until the disk confirms them they are left with the ids too: such a write the browser takes at once, while a database may
   * first have to end what was begun before, for which a closing page has no time.
   */
  const write = (): void => {
    isDue = false;
    trim();
    const fresh = [...items.values()].filter(({ own, chunk }) => own && !chunk);
    for (let at = 0; fresh[at]; at += LIMITS.batchStamps) {
      const chunk = fresh.slice(at, at + LIMITS.batchStamps);
      const name = newId();
      for (const item of chunk) item.chunk = name;
      disk?.keep(chunk).then(
        () => unleave(chunk),
        () => {
          // What is not on it may still be unsent: memory alone from now on.
          disk = undefined;
        },
      );
    }
    if (fresh[0]) identity.keep({ left: [...(identity.stored().left ?? []), ...fresh].slice(-LIMITS.batchStamps) });
  };

  const add = (added: readonly Item[]): void => {
    for (const item of added) items.set(item.id, { ...item, own: true, sending: false });
    if (!isDue) queueMicrotask(write);
    isDue = true;
  };

  /** What may not be kept goes from the disk with the chunk that it is in: an event with less of it is written anew. */
  const regate = (some: readonly Item[]): void => {
    for (const item of some) {
      const text = admit(item.text);
      if (text === item.text) continue;
      void forget([item]);
      // What is under way is the one before: no answer to that settles this one.
      if (text) add([{ ...item, text, chunk: undefined }]);
    }
  };

  /** What others left is read anew each time: they may have less of it by now. */
  const letGo = (): Map<string, Waiting> => (items = new Map([...items].filter(([, item]) => item.own)));

  return {
    add,
    regate: () => regate([...letGo().values()]),
    items: () => items.values(),
    take(events, room, onlyOwn) {
      trim();
      const taken: Waiting[] = [];
      for (const item of items.values()) {
        if (item.sending || (onlyOwn && !item.own)) continue;
        // At most: a batch has each stamp once.
        room -= item.bytes + item.stamp.length;
        if (taken.length >= events || room < 0) break;
        taken.push(item);
        item.sending = true;
      }
      return taken;
    },
    release(sent, done) {
      for (const item of sent as Waiting[]) item.sending = false;
      return forget(done);
    },
    async sync() {
      write();
      const known = new Map(letGo());
      const stored = await soon(disk?.stored());
      if (!stored || !disk) return;
      // What was known before and is known no longer was settled while the disk was read.
      const found = [...(identity.stored().left ?? []), ...stored].filter(
        ({ id }) => !known.delete(id) && !items.has(id),
      );
      // The page that wrote it may have been sending it.
      for (const item of found) items.set(item.id, { ...item, own: false, sending: false });
      // What is no longer on the disk another page has settled.
      for (const [id, { sending }] of known) if (!sending) items.delete(id);
      if (isLast()) regate(found);
      items = new Map([...items].sort());
    },
  };
}
