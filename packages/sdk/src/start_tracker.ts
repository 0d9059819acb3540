import { type Choice, type ConsentStamp, type DropCode, LIMITS } from '@parcours/protocol';
import { createGate, type Holdable } from './consent/gate.ts';
import { type ChoiceDetails, stampOf } from './consent/source.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import { createDrops } from './drops.ts';
import { createIds } from './event_id.ts';
import { createIdentity } from './identity.ts';
import type { Observer } from './observers/observer.ts';
import type { CapturedEvent, TrackerOptions } from './options.ts';
import { type Capture, createPages, type Navigation } from './pages.ts';
import type { OpenDisk } from './queue/disk.ts';
import type { Item } from './queue/item.ts';
import { createQueue, type Queue } from './queue/queue.ts';
import { listenUntil, type Scope } from './scope.ts';
import { hasEmail } from './scrub.ts';
import { byteLength, serialise, withFields } from './serialise.ts';
import type { Consent, Identify, Track, Tracker } from './tracker_types.ts';

/** What a tracker runs on: options that were checked, and what the script tag has no use for ready-made. */
export interface Settings extends Pick<TrackerOptions, 'endpoint' | 'site' | 'key' | 'debug'> {
  readonly observers: readonly Observer[];
  readonly queryKeys?: readonly string[] | undefined;
  /** Gives an event as text. Where it throws, the event is dropped, for the `code` of the error if it has one. */
  readonly encode?: ((event: CapturedEvent) => string) | undefined;
}

/** An event as it happened, before it is known to whom. */
interface Captured extends Holdable {
  readonly id: string;
  readonly at: number;
  /** JSON without visitor, session, keys and stamp, which come with the grant. */
  readonly text: string;
  /** Who it was by the page's word, as JSON. */
  readonly keys: string | undefined;
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
  const { endpoint, site, debug, encode = serialise, observers, queryKeys } = settings;
  const shared = `parcours-${site}`;
  const idKey = `pc_${site}`;
  const newId = createIds();
  const drops = createDrops();
  const identity = createIdentity(idKey, newId, scope);
  const life = new AbortController();
  const { signal } = life;
  const listen = listenUntil(signal);
  let run: Run | undefined;
  let wanted: ConsentStamp | undefined;
  let seq = 0;
  let pageViewId: string | undefined;
  let keys: string | undefined;
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

  const enqueue = ({ id, at, text: known, keys: held, bytes, campaign }: Captured, stamp: string): Item => {
    const { visitor_id, session_id } = identity.touch(at, campaign);
    let text = withFields(known, `"visitor_id":"${visitor_id}","session_id":"${session_id}"`);
    // Of whom a reset has parted with since, this visitor must not have the keys. Only the purposes end with a bracket.
    if (held && held === keys && /"crm_join".*]/.test(stamp)) text = withFields(text, `"keys":${keys}`);
    return { id, at, text, stamp, bytes };
  };

  const start = (): Run => {
    const life = new AbortController();
    const { signal } = life;
    const queue = createQueue(openDisk(shared), drops, signal);
    return {
      life,
      queue,
      ...createDelivery(
        { ...settings, name: shared },
        { queue, identity, drops, settle: pages.settle },
        { scope, signal },
      ),
    };
  };

  const granted = (events: readonly Captured[], stamp: ConsentStamp): void => {
    run ??= start();
    const text = JSON.stringify(stamp);
    run.queue.add(events.map((event) => enqueue(event, text)));
    run.nudge();
  };

  const denied = (): void => {
    run?.life.abort();
    run = wanted = pageViewId = undefined;
    // A tab that hears late of a withdrawal must not erase what a new grant has stored since.
    identity.forget(true);
    drops.take();
  };

  const gate = createGate<Captured>(granted, denied, drops);

  const capture: Capture = (type, props, { page, campaign, at = Date.now() }) => {
    if (signal.aborted || gate.status() === 'denied') return;
    const id = newId();
    if (type === 'page_view') pageViewId = id;
    const occurred_at = new Date(at).toISOString();
    try {
      const text = encode({ event_id: id, type, occurred_at, seq: seq++, page_view_id: pageViewId, page, props });
      const bytes = byteLength(text + keys) + LATER_BYTES;
      say(gate.status(), type, props);
      if (bytes > LIMITS.eventBytes) drops.add('too_large');
      else gate.add({ id, at, text, keys, bytes, campaign });
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

  const grant = (): void => {
    if (!wanted || !isShown) return;
    // Views that a denial purged, or that came under it, are as good as none: the present page is counted anew.
    const isUncounted = gate.status() === 'denied' && pages.forget();
    gate.decide(wanted);
    if (isUncounted) viewAs('load');
  };

  const deny = (): void => gate.decide(undefined);

  const consent = safely((...args: [] | [Choice, ChoiceDetails?]) => {
    if (args.length) {
      const [choice, details = {}] = args;
      wanted = safely(stampOf)(choice, details, Date.now());
      if (wanted) {
        grant();
      } else {
        deny();
        // Also what earlier pages left.
        identity.forget(false);
        safely(() => scope.indexedDB?.deleteDatabase(shared))();
      }
    }
    return gate.status();
  }) as Consent;

  // Another tab withdrew, or had while this page lay in the back/forward cache.
  listen<StorageEvent>(scope, 'storage', ({ key, newValue }) => key === idKey && !newValue && deny());
  listen(scope, 'pageshow', () => identity.isGone() && deny());

  const visitorId = safely(() => run && identity.current().visitor_id);

  const watching: Observer[] = [...observers];

  const observe = safely((observer: Observer) => {
    if (isShown) observer({ track, view: viewAs, consent, visitorId, endpoint, scope, signal });
    else watching.push(observer);
  });

  const show = (): void => {
    isShown = true;
    watching.forEach(observe);
    safely(grant)();
  };
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
        track('identify');
      }
    }) as Identify,
    observe,
    reset: safely(() => {
      pages.settle();
      keys = undefined;
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
