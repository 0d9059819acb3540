import { type BatchReply, LIMITS } from '@parcours/protocol';
import { batchText } from './batch.ts';
import type { Drops } from './drops.ts';
import type { Identity } from './identity.ts';
import type { TrackerOptions } from './options.ts';
import type { Item } from './queue/item.ts';
import type { Queue } from './queue/queue.ts';
import { LONGEST_MS, LONGEST_VISIBLE_MS, retryAfter, retryDelay } from './retry.ts';
import { listenUntil, type Scope } from './scope.ts';
import { byteLength } from './serialise.ts';
import { VERSION } from './version.ts';

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
}

/** Events of a moment share a request. */
const DEBOUNCE_MS = 200;
/** A request without an answer is given up. */
const HANGING_MS = 30_000;
/** Another tab may hold the lock this long: a frozen one would for ever. Then what both send counts once, by its id. */
const LOCK_WAIT_MS = 5_000;
/**
 * Event bytes under way at a time, so that every request may outlive the page: browsers allow 64 KiB of bodies, and a batch
 * says some more besides. Source: Fetch, 4.6 HTTP-network-or-cache fetch, on `keepalive`.
 */
const IN_FLIGHT_BYTES = 60_000;

/** Safari has it from 16 on; without it a request may hang as long as the browser lets it. */
const timeout = (ms: number): AbortSignal =>
  (AbortSignal as unknown as { timeout?: (ms: number) => AbortSignal }).timeout?.(ms) as AbortSignal;

/**
 * One request at a time, under a lock that the site's tabs share; and when the page is hidden, beside it, what is not yet
 * under way. Events leave the queue only by the collector's word on each of them.
 *
 * @param signal ends it at once: no further try, and the answer to what is under way is ignored
 */
export function createDelivery(
  { endpoint, site, key, name }: Pick<TrackerOptions, 'endpoint' | 'site' | 'key'> & { readonly name: string },
  { queue, identity, drops, settle }: DeliveryParts,
  { scope, signal }: { readonly scope: Scope; readonly signal: AbortSignal },
): Delivery {
  const { document, navigator } = scope;
  const listen = listenUntil(signal);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let draining: Promise<void> | undefined;
  let failures = 0;
  /** The collector asked for the pause that the timer is keeping. */
  let isAsked = false;
  /** Each event may have a stamp of its own. */
  let maxEvents: number = LIMITS.batchStamps;
  /** Bytes of the bodies under way. */
  let flying = 0;

  const isHidden = (): boolean => !!document?.hidden;

  const schedule = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      isAsked = false;
      void flush();
    }, ms);
  };

  /** Sends what fits in one request and books the answer; true where the next may follow at once. */
  const send = async (leaving?: boolean): Promise<boolean> => {
    const items = queue.take(maxEvents, IN_FLIGHT_BYTES - flying, leaving);
    const { length } = items;
    if (!length) return false;
    const ids = identity.current();
    const dropped = drops.take();
    const body = batchText(
      {
        v: 1,
        site,
        key,
        sdk: VERSION,
        sent_at: new Date().toISOString(),
        visitor_id: ids.visitor_id,
        rotate: ids.rotate,
        dropped: dropped[0] && dropped,
      },
      items,
    );
    const bytes = byteLength(body);
    flying += bytes;
    let status = 0;
    let asked = 0;
    let reply: Partial<BatchReply> | undefined;
    try {
      const answer = scope.fetch(endpoint, {
        method: 'POST',
        // A text body goes as text/plain, which needs no preflight.
        body,
        keepalive: true,
        credentials: 'include',
        referrerPolicy: 'strict-origin',
        signal: timeout(HANGING_MS),
      });
      if (leaving) leave();
      const response = await answer;
      asked = retryAfter(response.headers.get('retry-after'), Date.now());
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
      identity.acknowledged(ids, reply.visitor_id);
      // Results come in the order sent; one that is missing or of another event settles nothing.
      done = items.filter(({ id }, index) => {
        const { status = 'retry', event_id } = reply?.results?.[index] ?? {};
        if (status === 'failed') drops.add(status);
        return status !== 'retry' && (event_id ?? id) === id;
      });
    } else {
      drops.giveBack(dropped);
      if (status === 413 && length > 1) {
        maxEvents = length >> 1;
      } else if (/^4(?!08|29)/.test(`${status}`)) {
        done = items;
        drops.add('refused', length);
      }
    }
    queue.release(items, done);
    const isDone = done.length === length;
    failures = isDone ? 0 : failures + 1;
    isAsked = asked > 0;
    // After a success: what there was no room for, or what another tab has left meanwhile.
    schedule(isDone ? DEBOUNCE_MS : retryDelay(failures, isHidden() ? LONGEST_MS : LONGEST_VISIBLE_MS, asked));
    return isDone;
  };

  /** Sends, beside what is under way, what the page captured itself: as much as may outlive it. */
  const leave = (): void => {
    settle();
    if (!isAsked) void send(true);
  };

  const sendAll = async (): Promise<void> => {
    await queue.sync();
    while (!signal.aborted && (await send()));
  };

  const drain = async (): Promise<void> => {
    try {
      await navigator!.locks.request(name, { signal: timeout(LOCK_WAIT_MS) }, sendAll);
    } catch {
      // Blocked where storage is, absent where the page is not secure, or held for too long.
      await sendAll();
    }
    draining = undefined;
  };

  const flush = async (): Promise<void> => {
    if (signal.aborted || isAsked) return;
    if (!draining) {
      clearTimeout(timer);
      timer = undefined;
      draining = drain();
    }
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
