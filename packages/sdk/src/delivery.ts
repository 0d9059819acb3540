import { type BatchReply, type EventStatus, LIMITS } from '@parcours/protocol';
import { batchText } from './batch.ts';
import type { Drops } from './drops.ts';
import type { Identity } from './identity.ts';
import type { TrackerOptions } from './options.ts';
import type { Item } from './queue/item.ts';
import type { Queue } from './queue/queue.ts';
import { retryAfter, retryDelay } from './retry.ts';
import { listenUntil, type Scope } from './scope.ts';
import { byteLength } from './serialise.ts';
import { VERSION } from './version.ts';

/** Brings what is queued to the collector, and decides when: timers, the network's return, the page being hidden. */
export interface Delivery {
  /** Something was queued: it leaves soon. */
  nudge(): void;
  /** Sends what there is now; resolves when this try is over, however it went. Never rejects. */
  flush(): Promise<void>;
}

/** Events of a moment share a request. */
const DEBOUNCE_MS = 200;
/** A request without an answer is given up. */
const HANGING_MS = 30_000;
/** Another tab may hold the lock this long: a frozen one would for ever. Then what both send counts once, by its id. */
const LOCK_WAIT_MS = 5_000;
/** Event bytes in a request. */
const BATCH_BYTES = 60_000;
/** All bodies that may outlive a page together. Source: Fetch, 4.6 HTTP-network-or-cache fetch, step on `keepalive`. */
const KEEPALIVE_BYTES = 65_536;

const FINAL: readonly (EventStatus | undefined)[] = ['accepted', 'duplicate', 'filtered', 'failed'];

/**
 * One request at a time, under a lock that the site's tabs share; and when the page is hidden, beside it, what is not yet
 * under way. Events leave the queue only by the collector's word on each of them.
 *
 * @param signal ends it at once: no further try, and the answer to what is under way is ignored
 */
export function createDelivery(
  { endpoint, site, key, name }: Pick<TrackerOptions, 'endpoint' | 'site' | 'key'> & { readonly name: string },
  { queue, identity, drops }: { readonly queue: Queue; readonly identity: Identity; readonly drops: Drops },
  { scope, signal }: { readonly scope: Scope; readonly signal: AbortSignal },
): Delivery {
  const { AbortSignal, clearTimeout, Date, document, navigator } = scope;
  const listen = listenUntil(signal);
  let timer: unknown;
  let draining: Promise<void> | undefined;
  let failures = 0;
  /** The collector asked for the pause that the timer is keeping. */
  let isAsked = false;
  let maxEvents: number = LIMITS.batchEvents;
  /** Bytes of the bodies under way. */
  let flying = 0;

  const timeout = (ms: number): AbortSignal => AbortSignal.timeout(ms);
  const isHidden = (): boolean => document?.visibilityState === 'hidden';

  const schedule = (ms: number): void => {
    clearTimeout(timer);
    timer = scope.setTimeout(() => {
      timer = undefined;
      isAsked = false;
      void flush();
    }, ms);
  };

  /** Posts taken items and books the answer; true where the next may follow at once. */
  const send = async (items: readonly Item[], leaving?: boolean): Promise<boolean> => {
    const ids = identity.current();
    const dropped = drops.take();
    const body = batchText(
      {
        v: 1,
        site,
        key,
        sdk: VERSION,
        sent_at: new Date().toISOString(),
        visitor_id: ids.visitor,
        rotate: ids.rotate || undefined,
        dropped: dropped.length ? dropped : undefined,
      },
      items,
    );
    const bytes = byteLength(body);
    flying += bytes;
    let done: readonly Item[] = [];
    let isJudged = false;
    let goesOn = false;
    let askedMs = 0;
    try {
      const response = await scope.fetch(endpoint, {
        method: 'POST',
        // A text body goes as text/plain, which needs no preflight.
        body,
        keepalive: flying <= KEEPALIVE_BYTES,
        credentials: 'include',
        referrerPolicy: 'strict-origin',
        signal: timeout(HANGING_MS),
      });
      const { status } = response;
      if (status === 200) {
        const reply: BatchReply = await response.json();
        // Results come in the order sent; one that is missing, of another event or unknown settles nothing.
        done = items.filter(({ id }, index) => {
          const result = reply.results[index];
          const isFinal = FINAL.includes(result?.status) && (result?.event_id ?? id) === id;
          if (isFinal && result?.status === 'failed') drops.add('failed');
          return isFinal;
        });
        isJudged = true;
        goesOn = done.length === items.length;
        if (!signal.aborted) identity.acknowledged(ids, reply.visitor_id);
      } else if (status === 413 && items.length > 1) {
        maxEvents = items.length >> 1;
        goesOn = true;
      } else if (status < 400 || status === 408 || status === 429 || status >= 500) {
        askedMs = retryAfter(response.headers.get('retry-after'), Date.now());
      } else {
        done = items;
        goesOn = true;
        drops.add('refused', items.length);
      }
    } catch {
      // No answer, or none that can be read, such as a portal's page. Where the browser would not let the request outlive
      // the page a beacon may; it has no answer, so the events stay queued.
      if (leaving && !signal.aborted) navigator?.sendBeacon?.(endpoint, body);
    }
    flying -= bytes;
    if (signal.aborted) return false;
    if (!isJudged) drops.giveBack(dropped);
    queue.release(items, done);
    if (!goesOn) {
      failures++;
      isAsked = askedMs > 0;
      schedule(retryDelay(failures, askedMs, { jitter: scope.Math.random(), visible: !isHidden() }));
    } else if (failures) {
      failures = 0;
      isAsked = false;
      schedule(DEBOUNCE_MS);
    }
    return goesOn;
  };

  const sendAll = async (): Promise<void> => {
    await queue.sync();
    let more = true;
    while (more && !signal.aborted) {
      const items = queue.take(maxEvents, BATCH_BYTES);
      more = items.length > 0 && (await send(items));
    }
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

  const leave = (): void => {
    for (let more = !isAsked; more; ) {
      const items = queue.take(maxEvents, BATCH_BYTES - flying, true);
      more = items.length > 0;
      if (more) void send(items, true);
    }
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
    nudge() {
      if (timer === undefined) schedule(DEBOUNCE_MS);
    },
    flush,
  };
}
