import { type BatchReply, EXEMPT, type ExemptEvent, reduceToExempt, screenOf } from '@parcours/protocol';
import { createIds } from '../event_id.ts';
import { insist } from '../insist.ts';
import { captureUntil } from '../observers/capture.ts';
import { clicks } from '../observers/clicks.ts';
import type { Observer, ObserverContext } from '../observers/observer.ts';
import { pageViews } from '../observers/page_views.ts';
import { webVitals } from '../observers/web_vitals.ts';
import type { Scope } from '../scope.ts';
import { maskEmails } from '../scrub.ts';
import type { TracedState } from '../trace.ts';
import { VERSION } from '../version.ts';
import { createObjection } from './objection.ts';

/** Whose measurement it is. */
export interface ExemptOptions {
  /** Site id. */
  readonly site: string;
  /** The site's public key. */
  readonly key: string;
}

/** An observer that measures without consent, and what lets a visitor end that. */
export interface Exempt extends Observer {
  /**
   * The visitor objects: nothing is measured without consent from this call on, on this device, for 13 months. `false` takes
   * it back. What was consented to is not touched.
   */
  object(isObjecting?: boolean): void;
}

/** Ms that events wait for others, and for a consent manager to say that the visitor has agreed before. */
const WAIT_MS = 2_000;

/** Events that wait at most, in memory alone; the oldest goes. */
const MAX_WAITING = 50;

/**
 * Measures without consent, before the choice, where the site's policy has the preset of a country's exemption; does nothing
 * anywhere else. Page views, clicks and web vitals, each cut to what the exemption allows before it is kept: no id, no query, no
 * title, of a referrer its origin. Nothing is stored but an objection, and no cookie is sent.
 *
 * Ends at once with a grant, since from then on the tracker tells everything; with a refusal, unless the policy says otherwise;
 * with Global Privacy Control where the policy says so; with `object()`. What was not sent by then is forgotten.
 *
 *     const exempt = createExempt({ site: 'shop', key: 'pk_demo' });
 *     createTracker({ endpoint, site: 'shop', key: 'pk_demo', observers: [pageViews, clicks, exempt] });
 *     link.onclick = () => exempt.object();
 *
 * Throws at a missing option. Sources: CNIL délib. 2020-091, art. 5; CNIL, audience measurement, 4 July 2025.
 *
 * @param own the browser around it, where it is asked before a tracker gives it one
 */
export function createExempt({ site, key }: ExemptOptions, own: Scope = globalThis): Exempt {
  for (const [name, value] of Object.entries({ site, key }))
    if (typeof value !== 'string' || value === '') throw new TypeError(`[parcours] option "${name}" must be a text`);
  const objection = createObjection(site, own);
  const newId = createIds();
  let waiting: ExemptEvent[] = [];
  let sending = new AbortController();
  let tellObjection: ((isObjecting: boolean) => void) | undefined;
  let isEnded = false;

  const forget = (): void => {
    waiting = [];
    sending.abort();
    sending = new AbortController();
  };

  const observe = (context: ObserverContext): void => {
    const { scope, endpoint, signal, trace } = context;
    const { document, location, navigator } = scope;
    if (!document || !location) return;
    const listen = captureUntil(signal);
    let stand: Pick<TracedState, 'status' | 'policy'> = { status: 'pending' };
    let last: string | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;

    /** Undefined as long as the policy is not known: nothing is looked at on the device before it is. */
    const mayTell = (): boolean | undefined => {
      const { status, policy } = stand;
      if (policy === undefined) return undefined;
      if (!policy?.exempt || isEnded || status === 'granted') return false;
      if (status === 'denied' && !policy.exempt.after_refusal) return false;
      const isGpc = (navigator as { globalPrivacyControl?: boolean } | undefined)?.globalPrivacyControl === true;
      return !(isGpc && policy.gpc.includes(EXEMPT)) && !objection.isThere();
    };

    const post = (body: object, more: RequestInit): Promise<Response> =>
      scope.fetch(endpoint, {
        method: 'POST',
        body: JSON.stringify({ v: 1, site, key, sdk: VERSION, sent_at: new Date().toISOString(), ...body }),
        keepalive: true,
        referrerPolicy: 'strict-origin',
        ...more,
      });

    const attempt = async (): Promise<boolean> => {
      clearTimeout(timer);
      timer = undefined;
      const may = mayTell();
      if (may === false) waiting = [];
      if (!may || waiting.length === 0) return true;
      const events = [...waiting];
      const at = new Date().toISOString();
      const stamps = [{ purposes: [EXEMPT], source: 'exempt', at, policy: stand.policy?.hash }];
      const response = await post({ stamps, events }, { credentials: 'omit', signal: sending.signal });
      const isFinal = response.ok || /^4(?!08|29)/.test(`${response.status}`);
      if (!isFinal) return false;
      const { results = [] } = response.ok ? ((await response.json()) as Partial<BatchReply>) : {};
      const again = new Set(results.filter(({ status }) => status === 'retry').map(({ event_id }) => event_id));
      waiting = waiting.filter((event) => !events.includes(event) || again.has(event.event_id));
      // Of an objection only the collector's cookie may be left.
      if (results.some(({ code }) => code === 'objected')) objection.write();
      return again.size === 0;
    };

    const send = insist(attempt, { scope, signal });

    /** What waits is in memory alone: a page that goes does not wait for its next time. */
    const leave = (): void => void (send() ?? attempt().catch(() => false));

    const soon = (): void => {
      timer ??= setTimeout(() => void send(), WAIT_MS);
    };

    const capture = (type: string, props: object | undefined, referrer?: string): void => {
      if (signal.aborted || mayTell() === false) return;
      const reduced = reduceToExempt({
        ...{ event_id: newId(), type, occurred_at: new Date().toISOString(), stamp: 0 },
        page: { url: maskEmails(location.href), referrer: referrer || undefined },
        props: { ...props, screen: screenOf(document.defaultView?.innerWidth ?? 0) },
      });
      if (reduced.code) return;
      waiting.push(reduced.event);
      if (waiting.length > MAX_WAITING) waiting.shift();
      soon();
    };

    const ours: ObserverContext = {
      ...context,
      track: capture,
      view(_, again) {
        const page = `${location.origin}${location.pathname}`;
        if (!again && page === last) return;
        const referrer = again ? undefined : (last ?? document.referrer);
        last = page;
        capture('page_view', {}, referrer);
      },
    };

    trace((step) => {
      if (step.step !== 'state') return;
      stand = step;
      if (mayTell() === false) forget();
      else if (waiting.length > 0) soon();
    });
    tellObjection = (isObjecting) =>
      void post({ stamps: [], events: [], objection: isObjecting }, { credentials: 'include' }).catch(() => {});
    signal.addEventListener('abort', () => clearTimeout(timer));
    listen(document, 'visibilitychange', () => document.hidden && leave());
    listen(scope, 'pagehide', leave);
    for (const watch of [pageViews, clicks, webVitals]) watch(ours);
  };

  return Object.assign(observe, {
    object(isObjecting = true) {
      isEnded = isObjecting;
      forget();
      if (isObjecting) objection.write();
      else objection.remove();
      tellObjection?.(isObjecting);
    },
  });
}
