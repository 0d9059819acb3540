import type { Envelope } from './read_envelope.ts';
import { firstIssue, isAlive, madeAt, VISITOR_LIFE_MS } from './visitor_age.ts';
import { type IssuedVisitor, isCookieSafe, type KnownVisitor } from './visitor_cookie.ts';

/** Which id stands for the visitor of a batch, and what to tell the browser. */
export interface VisitorDecision extends IssuedVisitor {
  /** The cookie must be set: first issue, rotation, or another domain than it was set for. */
  readonly issue: boolean;
  /** Another id than the sender's stands: the reply tells it. */
  readonly replaces: boolean;
}

/** Who followed a link from another domain of the shop, by the collector's own token. */
export interface LinkedVisitor extends IssuedVisitor {
  /** When the visitor arrived by the browser's clock, ms since the epoch. */
  readonly landedAt: number;
}

/** An id made this short before the visitor arrived was made for this arrival: the page's scripts may come one by one. */
const ARRIVAL_MS = 60_000;

/**
 * A valid cookie wins over the sender's own id, unless the sender says that the visitor was reset (`rotate`).
 * Who arrived by a link goes on under the id that the link tells, but only where this arrival is all that the browser's own
 * id stands for. Without a sender's id nothing is issued: a server that posts for many visitors must not get one visitor's
 * cookie; nor is it for an id that is past its life.
 *
 * @param now    ms since the epoch
 * @param lifeMs from its first issue, as the policy has it
 */
export function decideVisitor(
  { visitor_id, rotate }: Pick<Envelope, 'visitor_id' | 'rotate'>,
  cookie: KnownVisitor | undefined,
  now: number,
  { linked, lifeMs = VISITOR_LIFE_MS }: { readonly linked?: LinkedVisitor | undefined; readonly lifeMs?: number } = {},
): VisitorDecision | undefined {
  if (visitor_id === undefined || !isCookieSafe(visitor_id)) return undefined;
  const known = cookie && (!rotate || cookie.id === visitor_id) ? cookie : undefined;
  const present = known?.id ?? visitor_id;
  if (linked && !rotate && linked.id !== present && isOfArrival(present, linked.landedAt)) {
    const { id, issuedAt } = linked;
    return { id, issuedAt, issue: true, replaces: id !== visitor_id };
  }
  if (known) {
    const { id, issuedAt, isElsewhere } = known;
    return { id, issuedAt, issue: isElsewhere, replaces: id !== visitor_id };
  }
  const issuedAt = firstIssue(visitor_id, now);
  return isAlive(issuedAt, now, lifeMs) ? { id: visitor_id, issuedAt, issue: true, replaces: false } : undefined;
}

/** An id that does not tell its age counts as one of before. */
const isOfArrival = (id: string, landedAt: number): boolean => (madeAt(id) ?? 0) >= landedAt - ARRIVAL_MS;
