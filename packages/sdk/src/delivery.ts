import { type BatchReply, LIMITS } from '@parcours/protocol';
import { type BatchHead, batchText, stampsOf } from './batch.ts';
import type { Drops } from './drops.ts';
import type { Identity } from './identity.ts';
import { post, timeout } from './post.ts';
import type { Item } from './queue/item.ts';
import type { Queue } from './queue/queue.ts';
import { LONGEST_MS, LONGEST_VISIBLE_MS, retryAfter, retryDelay } from './retry.ts';
import { listenUntil, type Scope } from './scope.ts';
import { byteLength } from './serialise.ts';

/** Brings what is queued to the collector, and decides when: timers, the network's return, the page being hidden. */
export interface Delivery {
  /** Something was queued: it leaves soon. */
  nudge(): unknown;
  /** Sends what there is now; resolves when this try is over, however it went. Never rejects. */
  flush(): Promise<void>;
}

/** What delivery works on. */
interface DeliveryParts {
  readonly queue: Queue;
  readonly identity: Identity;
  readonly drops: Drops;
  /** Queues what still waits to be. */
  readonly settle: () => void;
  /** What every batch says. */
  readonly batchHead: () => BatchHead;
  /** Whether anything may leave now. */
  readonly isOpen: () => boolean;
  /** Whether the collector knows all that was taken back: before that nothing else leaves. */
  readonly withdraw: () => Promise<boolean> | undefined;
  /** The stamp that tells the choice in force for the first time. */
  readonly telling: () => string | undefined;
  /** A request is over; `status` 0: no answer. */
  readonly sent: (items: readonly Item[], status: number, reply: Partial<BatchReply> | undefined) => void;
}

/** Events of a moment share a request. */
const DEBOUNCE_MS = 200;
/** Another tab may hold the lock this long: a frozen one would for ever. Then what both send counts once, by its id. */
const LOCK_WAIT_MS = 5_000;
/**
 * Event bytes under way at a time, so that every request may outlive the page: browsers allow 64 KiB of bodies, and a batch
 * says some more besides. Source: Fetch, 4.6 HTTP-network-or-cache fetch, on `keepalive`.
 */
const IN_FLIGHT_BYTES = 60_000;

/**
 * One request at a time, under a lock that the site's tabs share; and when the page is hidden, beside it, what is not yet
 * under way. Events leave the queue only by the collector's word on each of them.
 *
 * @param signal ends it at once: no further try, and the answer to what is under way is ignored
 */
export function createDelivery(
  { endpoint, name }: { readonly endpoint: string; readonly name: string },
  { queue, identity, drops, settle, batchHead, isOpen, withdraw, telling, sent }: DeliveryParts,
  { scope, signal }: { readonly scope: Scope; readonly signal: AbortSignal },
): Delivery {
  const { document, navigator } = scope;
  const listen = listenUntil(signal);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let draining: Promise<void> | undefined;
  let failures = 0;
  /** The pause that the collector asked for and the timer is keeping, ms. */
  let pause = 0;
  /** Each event may have a stamp of its own. */
  let maxEvents: number = LIMITS.batchStamps;
  /** Bytes of the bodies under way. */
  let flying = 0;

  const isHidden = (): boolean => !!document?.hidden;

  const schedule = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      pause = 0;
      void flush();
    }, ms);
  };

  /** Sends what fits in one request and books the answer; true where the next may follow at once. */
  const send = async (leaving?: boolean): Promise<boolean> => {
    if (!isOpen()) return false;
    const items = queue.take(maxEvents, IN_FLIGHT_BYTES - flying, leaving);
    const { length } = items;
    if (!length) return false;
    const ids = identity.current();
    const dropped = drops.take();
    const { visitor_id, rotate } = ids;
    const body = batchText({ ...batchHead(), visitor_id, rotate, dropped: dropped[0] && dropped }, items);
    const bytes = byteLength(body);
    flying += bytes;
    let status = 0;
    let asked = 0;
    let reply: Partial<BatchReply> | undefined;
    try {
      const answer = post(scope, endpoint, body);
      if (leaving) void send(leaving);
      const response = await answer;
      asked = retryAfter(response.headers.get('retry-after'));
      if (response.ok) reply = await response.json();
      status = response.status;
    } catch {
      // No answer, or none that can be read, such as a portal's page. Where the browser would not let the request outlive
      // the page a beacon may; it has no answer, so the events stay queued.
      if (leaving && !signal.aborted) navigator?.sendBeacon?.(endpoint, body);
    }
    flying -= bytes;
    if (signal.aborted) return false;

    let done: readonly Item[] = [];
    if (reply) {
      identity.acknowledged(ids, reply.visitor_id, reply.receipts?.[stampsOf(items).indexOf(telling()!)]);
      // Results come in the order sent; one that is missing or of another event settles nothing.
      done = items.filter(({ id }, index) => {
        const { status = 'retry', event_id } = reply?.results?.[index] ?? {};
        if (status === 'failed') drops.add(status);
        return status !== 'retry' && (event_id ?? id) === id;
      });
    } else {
      drops.giveBack(dropped);
      if (status === 413 && items[1]) {
        maxEvents = length >> 1;
      } else if (/^4(?!08|29)/.test(`${status}`)) {
        done = items;
        drops.add('refused', length);
      }
    }
    const released = queue.release(items, done);
    sent(items, status, reply);
    // Another answer may have asked for it.
    pause ||= asked;
    const isDone = !pause && done.length === length;
    failures = isDone ? 0 : failures + 1;
    // After a success: what there was no room for, or what another tab has left meanwhile.
    schedule(isDone ? DEBOUNCE_MS : retryDelay(failures, isHidden() ? LONGEST_MS : LONGEST_VISIBLE_MS, pause));
    await released;
    return isDone;
  };

  /** Sends, beside what is under way, what the page captured itself: as much as may outlive it. */
  const leave = (): void => {
    settle();
    if (!pause && !identity.stored().withdrawn?.[0]) void send(true);
  };

  const sendAll = async (): Promise<void> => {
    // First, for it takes from the disk what a smaller choice has closed, network or not.
    await queue.sync();
    if (!(await withdraw())) return;
    while (!signal.aborted && (await send()));
  };

  const drain = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    try {
      await navigator!.locks.request(name, { signal: timeout(LOCK_WAIT_MS) }, sendAll);
    } catch {
      // Blocked where storage is, absent where the page is not secure, or held for too long.
      await sendAll();
    }
    draining = undefined;
  };

  const flush = async (): Promise<void> => {
    if (signal.aborted || pause || !isOpen()) return;
    draining ??= drain();
    await draining;
  };

  const wake = (): void => {
    if (failures) void flush();
  };

  listen(scope, 'online', wake);
  listen(scope, 'pageshow', wake);
  listen(scope, 'pagehide', leave);
  listen(document, 'visibilitychange', () => (isHidden() ? leave() : wake()));
  signal.addEventListener('abort', () => clearTimeout(timer));
  return {
    nudge: () => timer ?? schedule(DEBOUNCE_MS),
    flush,
  };
}
