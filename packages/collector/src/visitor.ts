import type { Envelope } from './read_envelope.ts';
import { type IssuedVisitor, isCookieSafe } from './visitor_cookie.ts';

/** Which id stands for the visitor of a batch, and what to tell the browser. */
export interface VisitorDecision extends IssuedVisitor {
  /** The cookie must be set: first issue, or rotation. */
  readonly issue: boolean;
  /** The cookie's id won over the sender's: the reply tells it. */
  readonly replaces: boolean;
}

/**
 * A valid cookie wins over the sender's own id, unless the sender says that the visitor was reset (`rotate`).
 * Without a sender's id nothing is issued: a server that posts for many visitors must not get one visitor's cookie.
 *
 * @param now ms since the epoch
 */
export function decideVisitor(
  { visitor_id, rotate }: Pick<Envelope, 'visitor_id' | 'rotate'>,
  cookie: IssuedVisitor | undefined,
  now: number,
): VisitorDecision | undefined {
  if (visitor_id === undefined || !isCookieSafe(visitor_id)) return undefined;
  if (cookie && (!rotate || cookie.id === visitor_id)) {
    return { ...cookie, issue: false, replaces: cookie.id !== visitor_id };
  }
  return { id: visitor_id, issuedAt: now, issue: true, replaces: false };
}
