/**
 * Where the parts of a tracker meet: longer than most files, since what is split off must be handed around, and pages pay for it.
 */
import { type BrowserPolicy, type DropCode, LIMITS, type Signals } from '@parcours/protocol';
import type { BatchHead } from './batch.ts';
import { createDecisions } from './consent/decisions.ts';
import { createGate, type Holdable } from './consent/gate.ts';
import type { Permit } from './consent/permit.ts';
import type { ChoiceDetails } from './consent/source.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import { createDrops } from './drops.ts';
import { createIds } from './event_id.ts';
import { createIdentity } from './identity.ts';
import { insist } from './insist.ts';
import type { Observer } from './observers/observer.ts';
import type { CapturedEvent, TrackerOptions } from './options.ts';
import { type Capture, createPages, type Navigation } from './pages.ts';
import { post } from './post.ts';
import type { OpenDisk } from './queue/disk.ts';
import type { Item } from './queue/item.ts';
import { createQueue, type Queue } from './queue/queue.ts';
import { listenUntil, type Scope } from './scope.ts';
import { hasEmail } from './scrub.ts';
import { byteLength, serialise, withFields } from './serialise.ts';
import type { TracedState, TraceListener } from './trace.ts';
import type { Consent, Identify, Track, Tracker } from './tracker_types.ts';
import { VERSION } from './version.ts';

/** What a tracker runs on: options that were checked, and what the script tag has no use for ready-made. */
export interface Settings extends Pick<TrackerOptions, 'endpoint' | 'site' | 'key' | 'debug'> {
  readonly observers: readonly Observer[];
  readonly queryKeys?: readonly string[] | undefined;
  /** Asked of the collector where it is left out. One that cannot be read grants nothing. */
  readonly policy?: BrowserPolicy | null | undefined;
  /** Gives an event as text. Where it throws, the event is dropped, for the `code` of the error if it has one. */
  readonly encode?: ((event: CapturedEvent) => string) | undefined;
}

/** An event as it happened, before it is known to whom. */
interface Captured extends Holdable {
  readonly id: string;
  readonly at: number;
  readonly type: string;
  /** JSON without visitor, session, keys and stamp, which come with the grant. */
  readonly text: string;
  /** Who it was by the page's word, as JSON; nobody any more since a reset. */
  keys: string | undefined;
  /** Its campaign, if it is a page view that came by one. */
  readonly campaign: string | undefined;
}

/** What exists only while a grant stands. */
interface Run extends Delivery {
  readonly queue: Queue;
  readonly life: AbortController;
}

/** Room that visitor, session, keys' name and stamp take in an event. */
const LATER_BYTES = 150;

/**
 * Starts a tracker: gate, observers, and with the grant queue and delivery. None of what it gives ever throws.
 *
 * @param openDisk where the queue outlives the page; called after a grant only
 */
export function startTracker(settings: Settings, scope: Scope, openDisk: OpenDisk): Tracker {
  const { endpoint, site, key, debug, encode = serialise, observers, queryKeys } = settings;
  const shared = `parcours-${site}`;
  const idKey = `pc_${site}`;
  const newId = createIds();
  const drops = createDrops();
  const identity = createIdentity(idKey, newId, scope);
  const life = new AbortController();
  const { signal } = life;
  const listen = listenUntil(signal);
  let run: Run | undefined;
  let tell: TraceListener | undefined;
  let seq = 0;
  let pageViewId: string | undefined;
  let keys: string | undefined;
  /** First issue of the visitor's id whose events had the keys, ms since the epoch. */
  let since: number | undefined;
  /** A page that is loaded ahead and that nobody sees yet does nothing; nor does a tracker that was stopped. */
  let isShown = false;

  const say = (...words: unknown[]): void => {
    if (debug) console.log('[parcours]', ...words);
  };

  /** The page must not notice that something went wrong in here. */
  const safely =
    <Args extends unknown[], Result>(act: (...args: Args) => Result) =>
    (...args: Args): Result | undefined => {
      try {
        return act(...args);
      } catch (error) {
        say(error);
        return undefined;
      }
    };

  const batchHead = (): BatchHead => ({ v: 1, site, key, sdk: VERSION, sent_at: new Date().toISOString() });

  /** What the grant as it is now lets be kept of an event; '' for nothing. */
  const permitted = (id: string, type: string, text: (permit: Permit) => string): string => {
    const permit = decisions.permit();
    const code = permit.refuses(type);
    if (code) {
      tell?.({ step: 'refused', id, type, code });
      return '';
    }
    const left = permit.strip(text(permit));
    tell?.({ step: 'queued', id, text: left });
    return left;
  };

  const enqueue = ({ id, at, type, text: known, keys: held, bytes, campaign }: Captured): Item[] => {
    const text = permitted(id, type, ({ query }) => {
      const ids = identity.touch(at, campaign && query(campaign));
      // Another tab's logout has made this somebody else, who must not have the keys.
      if (ids.since !== (since ?? ids.since)) keys = undefined;
      since = ids.since;
      const text = withFields(known, `"visitor_id":"${ids.visitor_id}","session_id":"${ids.session_id}"`);
      return held && keys ? withFields(text, `"keys":${held}`) : text;
    });
    return text ? [{ id, at, text, stamp: decisions.stamp(), bytes }] : [];
  };

  const admit = (text: string): string => {
    const { event_id, type } = JSON.parse(text);
    return permitted(event_id, type, () => text);
  };

  const start = (): Run => {
    const life = new AbortController();
    const { signal } = life;
    const queue = createQueue(openDisk(shared), { drops, admit, isLast: decisions.telling, identity, newId, signal });
    return {
      life,
      queue,
      ...createDelivery(
        { endpoint, name: shared },
        {
          queue,
          identity,
          drops,
          settle: pages.settle,
          batchHead,
          isOpen: () => decisions.status() === 'granted',
          withdraw,
          telling: decisions.telling,
          sent: (items, status, reply) => tell?.({ step: 'sent', items, status, reply }),
        },
        { scope, signal },
      ),
    };
  };

  const granted = (events: readonly Captured[]): void => {
    run ??= start();
    run.queue.add(events.flatMap(enqueue));
    run.nudge();
  };

  const denied = (): void => {
    run?.life.abort();
    run = pageViewId = since = undefined;
    // A tab that hears late of a withdrawal must not erase what a new grant has stored since.
    identity.forget();
    drops.take();
  };

  const gate = createGate<Captured>(granted, denied, drops);

  const state = (): TracedState => ({
    step: 'state',
    status: gate.status(),
    ...decisions.current(),
    held: [...gate.held()],
    queued: [...(run?.queue.items() ?? [])],
  });

  const changed = (): void => tell?.(state());

  const capture: Capture = (type, props, { page, campaign, at = Date.now() }) => {
    if (signal.aborted) return;
    if (!decisions.takes()) {
      tell?.({ step: 'refused', type, code: gate.status() === 'denied' ? 'consent_denied' : 'consent_missing' });
      return;
    }
    const id = newId();
    if (type === 'page_view') pageViewId = id;
    const occurred_at = new Date(at).toISOString();
    try {
      const text = encode({ event_id: id, type, occurred_at, seq: seq++, page_view_id: pageViewId, page, props });
      const bytes = byteLength(text + keys) + LATER_BYTES;
      tell?.({ step: 'captured', id, text, keys });
      if (bytes > LIMITS.eventBytes) drops.add('too_large');
      else gate.add({ id, at, type, text, keys, bytes, campaign });
    } catch (error) {
      say(error);
      drops.add((error as { code?: DropCode }).code ?? 'not_serialisable');
    }
  };

  const pages = createPages(scope, queryKeys, capture);

  const viewAs = safely((navigation: Navigation, again?: boolean) => pages.view({ navigation }, again));

  const track = safely((type: string, props?: object) => {
    if (type === 'page_view') pages.view({ ...props }, true);
    else if (type) capture(type, props, pages.here());
  });

  /** Whose the last withdrawal was: in memory alone. */
  let whose: string | undefined;

  /** Tells the collector what was taken back. Looks at storage: only after a decision. */
  const withdraw = insist(
    async () => {
      for (;;) {
        const { visitor_id, withdrawn: [withdrawn] = [] } = identity.stored();
        // Where a grant stands here and the ids are gone, another tab has taken all back, tells so, and is to be heard yet.
        if (!withdrawn || (!visitor_id && run)) return !withdrawn;
        const body = {
          ...batchHead(),
          visitor_id: withdrawn.purposes ? visitor_id : whose,
          withdrawn,
          stamps: [],
          events: [],
        };
        const answer = await post(scope, endpoint, JSON.stringify(body));
        // Refused for good is told; any other error has no results, and a portal's page is no JSON.
        if (!/^4(?!08|29)/.test(`${answer.status}`) && !(await answer.json()).results) return false;
        identity.told(withdrawn);
        void run?.nudge();
      }
    },
    { scope, signal },
  );

  const decisions = createDecisions(
    settings,
    {
      gate,
      identity,
      effects: {
        recount: () => pages.forget() && viewAs('load'),
        regate: () => run?.queue.regate(),
        erase(at) {
          run?.life.abort();
          run = since = undefined;
          whose = identity.erase(at) ?? whose;
          void withdraw();
          safely(() => scope.indexedDB?.deleteDatabase(shared))();
        },
        changed,
      },
    },
    { scope, signal },
  );

  const consent = safely((...args: [] | [Signals | undefined, ChoiceDetails?]) => {
    if (args.length) decisions.report(...args);
    return decisions.status();
  }) as Consent;

  // Another tab took something back, or had while this page lay in the back/forward cache.
  listen<StorageEvent>(scope, 'storage', ({ key, newValue }) => key === idKey && decisions.follow(newValue));
  listen(scope, 'pageshow', () => decisions.follow());

  const visitorId = safely(() => (decisions.status() === 'granted' ? identity.stored().visitor_id : undefined));

  const trace = (listener: TraceListener): (() => TracedState) => {
    const before = tell;
    const hear = safely(listener);
    tell = (step) => {
      before?.(step);
      hear(step);
    };
    hear(state());
    return state;
  };

  const watching: Observer[] = [...observers];

  const observe = safely((observer: Observer) => {
    if (isShown)
      observer({ track, view: viewAs, consent, giveUp: decisions.giveUp, trace, visitorId, endpoint, scope, signal });
    else watching.push(observer);
  });

  const show = (): void => {
    isShown = true;
    decisions.show();
    watching.forEach(observe);
  };
  drops.onDrop((dropped) => tell?.({ step: 'dropped', ...dropped }));
  if (debug) trace(say);

  // Source: WICG nav-speculation, prerendering.
  if ((scope.document as { prerendering?: boolean } | undefined)?.prerendering)
    listen(scope.document, 'prerenderingchange', show);
  else show();

  return {
    track: track as Track,
    page: () => viewAs('load'),
    consent,
    identify: safely((known) => {
      // A number is a text on the wire, and what is empty is no key.
      const keyed = Object(known) === known ? known : { customer_id: known };
      const text = JSON.stringify(keyed, (key, value) => (key && value ? `${value}` : value || undefined));
      // Masked it would be the same key for everyone.
      if (hasEmail(text)) say('identify takes no e-mail');
      else if (text !== keys) {
        keys = text;
        since = undefined;
        track('identify');
      }
    }) as Identify,
    observe,
    reset: safely(() => {
      pages.settle();
      keys = since = undefined;
      // They go to the next visitor, who must not have the keys.
      for (const held of gate.held()) held.keys = keys;
      identity.reset();
      // At once, for a logout is often followed by another page.
      if (run) identity.current();
    }),
    flush: async () => {
      pages.settle();
      return run?.flush();
    },
    stop: safely(() => {
      pages.settle();
      isShown = false;
      life.abort();
      const last = run;
      void last?.flush().finally(() => last.life.abort());
    }),
    // The page's own listener must not break the capture that tells it.
    onDrop: (listener) => drops.onDrop(safely(listener)),
    visitorId,
  };
}
