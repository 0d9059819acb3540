/** From its first issue a visitor's id lasts 13 months, and nothing extends it (CNIL recommendation 2020-092, art. 5). */
export const VISITOR_LIFE_MS = 395 * 86_400_000;

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/**
 * When an id was made by its maker's clock, ms since the epoch: a UUID of version 7, as our SDK makes them, begins with its
 * time (RFC 9562, 5.7). Undefined for any other id.
 */
export const madeAt = (id: string): number | undefined =>
  UUID_V7.test(id) ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : undefined;

/**
 * When an id that no cookie dates was first issued, as far as can be known: by itself, or now. So an id that came back without
 * its cookie, or under another domain, does not begin its life anew.
 */
export const firstIssue = (id: string, now: number): number => Math.min(now, madeAt(id) ?? now);

/** Whether an id may still stand for its visitor. */
export const isAlive = (issuedAt: number, now: number, lifeMs: number = VISITOR_LIFE_MS): boolean =>
  issuedAt + lifeMs > now;

/** How long an id lives under a policy: that may be shorter, never longer. */
export const lifeOf = ({ cookie_days }: { readonly cookie_days: number }): number =>
  Math.min(VISITOR_LIFE_MS, cookie_days * 86_400_000);
