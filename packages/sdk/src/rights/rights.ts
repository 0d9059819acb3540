import type { Choice, Purpose } from '@parcours/protocol';
import type { ConsentStatus } from '../consent/gate.ts';
import type { Exempt } from '../exempt/exempt.ts';
import { createObjection } from '../exempt/objection.ts';
import type { Observer, ObserverContext } from '../observers/observer.ts';
import { retryAfter } from '../retry.ts';
import type { Scope } from '../scope.ts';
import type { TracedState } from '../trace.ts';
import { VERSION } from '../version.ts';
import { rightsError } from './rights_error.ts';

export type { RightsError } from './rights_error.ts';

/** For a whole answer. The collector waits 30 s for the reader's first byte; then the rows come as fast as the line lets them. */
const LIMIT_MS = 120_000;

const NOT_OURS = 'that is no answer of the collector';

/** Whose visitors they are. */
export interface RightsOptions {
  /** Site id. */
  readonly site: string;
  /** The site's public key. */
  readonly key: string;
  /** What measures without consent on this page: an objection is told to it. Default: nothing does. */
  readonly exempt?: Pick<Exempt, 'object'> | undefined;
}

/** What was erased. */
export interface ErasedMine {
  /** From this day (UTC, `YYYY-MM-DD`) the collector's log has nothing of it either. */
  readonly logGoneBy: string;
}

/**
 * An observer that lets visitors use their rights from a page of the shop: for what is recorded under the id of this browser,
 * never for a customer or another device. Source: GDPR art. 7(3), 15, 17, 21.
 */
export interface Rights extends Observer {
  /** How the choice stands. */
  status(): ConsentStatus;
  /** Takes consent back, for some purposes or for everything, which `audience` is too. Answers the status after it. */
  withdraw(purposes?: readonly Purpose[]): ConsentStatus;
  /** Objects to being measured without consent, for 13 months; `false` takes it back. What was consented to is not touched. */
  object(isObjecting?: boolean): void;
  /** The id under which this browser is known, once granted. */
  subjectId(): string | undefined;
  /**
   * What the tables hold under this browser's id, as the document `parcours.subject/1`. To be asked before a withdrawal: after it
   * nothing here tells who it was. Rejects with a `RightsError`: with code `timeout` where the whole answer is not there within
   * two minutes, as where the page lost its network and nobody told it.
   */
  exportMine(): Promise<Readonly<Record<string, unknown>>>;
  /**
   * Erases what is recorded under this browser's id; then takes everything back, so that ids, queue and storage go here and in
   * all tabs. Rejects with a `RightsError`, and then the device is as it was. After `timeout`, as for `exportMine`, the collector
   * may have erased it all the same: ask again, which does no harm.
   */
  eraseMine(): Promise<ErasedMine>;
}

/**
 * Makes it, for the tracker that it is an observer of. It does nothing by itself.
 *
 *     const rights = createRights({ site: 'shop', key: 'pk_demo' });
 *     createTracker({ endpoint, site: 'shop', key: 'pk_demo', observers: [pageViews, rights] });
 *     button.onclick = () => rights.eraseMine().then(({ logGoneBy }) => say(logGoneBy), ({ message }) => say(message));
 *
 * Throws at a missing option.
 *
 * @param own the browser around it, where it is asked before a tracker gives it one
 */
export function createRights(options: RightsOptions, own: Scope = globalThis): Rights {
  const { site, key } = options;
  for (const [name, value] of Object.entries({ site, key }))
    if (typeof value !== 'string' || value === '') throw new TypeError(`[parcours] option "${name}" must be a text`);
  let context: ObserverContext | undefined;
  let state: (() => TracedState) | undefined;

  const status = (): ConsentStatus => context?.consent() ?? 'pending';

  /** Beside the endpoint, or to it. A text body goes as text/plain, which needs no preflight. */
  const send = (
    { scope, endpoint }: ObserverContext,
    path: string,
    body: object,
    signal?: AbortSignal,
  ): Promise<Response> =>
    scope.fetch(new URL(path, endpoint).href, {
      method: 'POST',
      body: JSON.stringify({ site, key, ...body }),
      keepalive: true,
      credentials: 'include',
      referrerPolicy: 'strict-origin',
      signal: signal ?? null,
    });

  const ask = async (what: 'export' | 'erase'): Promise<Record<string, unknown>> => {
    if (!context || !state) throw rightsError('no_tracker', 'the tracker has not started on this page', 1_000);
    let response: Response;
    let reply: Record<string, unknown> | null;
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(), LIMIT_MS);
    try {
      // The choice has the receipt that proves whose it is, should the cookie not travel.
      response = await send(
        context,
        `${what}-mine`,
        { visitor_id: context.visitorId(), stamp: state().choice },
        ending.signal,
      );
      reply = await response.json();
    } catch (error) {
      throw ending.signal.aborted
        ? rightsError('timeout', 'no whole answer within two minutes', 60_000)
        : rightsError('unreachable', `${error}`, 5_000);
    } finally {
      clearTimeout(timer);
    }
    if (response.ok) return Object(reply);
    const { code = `status_${response.status}`, message = NOT_OURS } = Object(reply?.error);
    throw rightsError(code, message, retryAfter(response.headers.get('retry-after')) || undefined);
  };

  const observe = (given: ObserverContext): void => {
    context = given;
    state = given.trace(() => {});
  };

  return Object.assign(observe, {
    status,
    withdraw(purposes?: readonly Purpose[]) {
      if (!purposes || purposes.includes('audience')) return context?.consent({ audience: false }) ?? 'pending';
      if (!context || !state || status() !== 'granted') return status();
      const { choice, gpc = [] } = state();
      // What Global Privacy Control has taken away was granted all the same.
      const granted = [...choice!.purposes, ...gpc];
      const left: Choice = Object.fromEntries(
        granted.map((purpose) => [purpose, !purposes.includes(purpose as Purpose)]),
      );
      return context.consent(left);
    },
    object(isObjecting = true) {
      if (options.exempt) return options.exempt.object(isObjecting);
      const objection = createObjection(site, own);
      if (isObjecting) objection.write();
      else objection.remove();
      if (!context) return;
      const sent_at = new Date().toISOString();
      const batch = { v: 1, sdk: VERSION, sent_at, stamps: [], events: [], objection: isObjecting };
      void send(context, context.endpoint, batch).catch(() => {});
    },
    subjectId: () => context?.visitorId(),
    exportMine: () => ask('export'),
    async eraseMine() {
      const { log_gone_by: logGoneBy } = await ask('erase');
      // Somebody else's page must not make believe that it is done.
      if (typeof logGoneBy !== 'string') throw rightsError('unreachable', NOT_OURS, 5_000);
      context?.consent({ audience: false });
      return { logGoneBy };
    },
  });
}
