import { type EventRecord, LIMITS } from '@parcours/protocol';
import { parseEvent } from '@parcours/protocol/schema';
import type { StoredEvent } from '@parcours/store/log';
import { correctClock } from '../enrich/clock.ts';
import type { Envelope } from '../read_envelope.ts';
import { createRecentlyUsed } from '../recently_used.ts';
import type { LinkedVisitor } from '../visitor.ts';
import { isAlive } from '../visitor_age.ts';
import { LINK_LIFE_MS, type LinkClaim, type LinkTokens } from './link_token.ts';

/** Why a token names nobody; the event is stored with it as `link_fault`. */
export type LinkFault =
  /** Not ours, not whole, or of a site that is no more. */
  | 'unreadable'
  /** Arrived too late, or told too late, or the visitor's id is past its life. */
  | 'expired'
  /** Another event came with it before. */
  | 'used';

/** What arrives by links from other domains of the shop (`cross_domain` events), and whom it names. */
export interface Arrivals {
  ofBatch(batch: Pick<Envelope, 'events' | 'visitor_id'>, context: BatchContext): BatchArrivals;
}

export interface BatchContext {
  /** The site that the batch is for. */
  readonly site: string;
  /** By the sender's clock, ms since the epoch. */
  readonly sentAt: number;
  /** Ms since the epoch. */
  readonly receivedAt: number;
  /** Whether an event of this stamp and visitor may be kept, with the fields that say who arrived. */
  readonly mayTell: (pointer: unknown, visitorId: unknown) => boolean;
  /** Whether the tokens of this batch are used by it: not where it is only judged. */
  readonly use: boolean;
}

export interface BatchArrivals {
  /** Who followed a link within the site to where this batch comes from, told by an event of the present visitor's that may be kept. */
  readonly linked: LinkedVisitor | undefined;
  /**
   * An event as it may rest: with whom the token names instead of the token. Any other event is left as it is.
   *
   * @param keeps whether a property of the event may be kept
   */
  settle(event: EventRecord, stored: StoredEvent, keeps: (property: string) => boolean): StoredEvent;
}

/** A token that is told this long after its end is not believed, whatever the sender says when it arrived. */
const LATEST_MS = 86_400_000;

/** Tokens remembered as used, twice as many at most: several times what two minutes of a busy shop bring. */
const USED = 20_000;

/** What only the collector may say of a link. */
const OURS = ['token', 'linked_visitor_id', 'from_site', 'link_fault'] as const;

/** @param isKnown whether tokens of a site are taken */
export function createArrivals(tokens: LinkTokens, isKnown: (site: string) => boolean): Arrivals {
  /** Which event came with a token, by the token's nonce: a retry of the same event is no second use. */
  const used = createRecentlyUsed<string>(USED);

  const claimOf = (event: EventRecord, { sentAt, receivedAt, use }: BatchContext): LinkClaim | LinkFault => {
    const claim = tokens.read((event.props as { token: string }).token);
    if (!claim || !isKnown(claim.site)) return 'unreadable';
    const time = correctClock({ occurredAt: event.occurred_at, sentAt, receivedAt }, LIMITS);
    const landedAt = time.fault ? Number.NaN : Date.parse(time.occurred_at);
    // Clocks that differ by less than this are left alone.
    const isInTime =
      landedAt <= claim.expiresAt + LIMITS.skewMs && landedAt >= claim.expiresAt - LINK_LIFE_MS - LIMITS.skewMs;
    const isToldInTime = receivedAt <= claim.expiresAt + LATEST_MS;
    if (!isInTime || !isToldInTime || !isAlive(claim.visitor.issuedAt, receivedAt)) return 'expired';
    const id = event.event_id.toLowerCase();
    if ((used.get(claim.nonce) ?? id) !== id) return 'used';
    if (use) used.set(claim.nonce, id);
    return claim;
  };

  const linkedBy = (event: EventRecord, context: BatchContext): LinkedVisitor | undefined => {
    const claim = claimOf(event, context);
    // A visitor of another site is not this one's: the stored event is the edge between them.
    if (typeof claim !== 'object' || claim.site !== context.site) return undefined;
    return { ...claim.visitor, landedAt: Date.parse(event.occurred_at) };
  };

  return {
    ofBatch({ events, visitor_id }, context) {
      const first = events.find(isArrival);
      const parsed = first && context.mayTell(first.stamp, first.visitor_id) ? parseEvent(first) : undefined;
      // Captured under an id of before: not the present visitor's arrival.
      const isPresent = parsed?.ok && parsed.event.visitor_id === visitor_id;
      return {
        linked: isPresent ? linkedBy(parsed.event, context) : undefined,
        settle(event, stored, keeps) {
          if (!isArrival(event)) return stored;
          const props = without(stored.props, OURS);
          // A policy may close the token: then it was taken away, and says nothing.
          if (!keeps('token')) return { ...stored, props };
          const claim = claimOf(event, context);
          const said =
            typeof claim === 'object'
              ? { linked_visitor_id: claim.visitor.id, from_site: claim.site }
              : { link_fault: claim };
          return { ...stored, props: { ...props, ...only(said, keeps) } };
        },
      };
    },
  };
}

/** An item of a batch as it may rest where it failed: without the token. */
export function withoutToken(item: unknown): unknown {
  if (!isArrival(item)) return item;
  return { ...item, props: without(item.props, ['token']) };
}

/** Whether an item of a batch says that a link led here. */
const isArrival = (item: unknown): item is EventRecord =>
  (item as Partial<EventRecord> | null)?.type === 'cross_domain';

const only = (props: Readonly<Record<string, unknown>>, keeps: (name: string) => boolean): Record<string, unknown> =>
  Object.fromEntries(Object.entries(props).filter(([name]) => keeps(name)));

/** An object without some of its fields; of what is none, nothing. */
const without = (props: unknown, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(
    typeof props === 'object' && props !== null ? Object.entries(props).filter(([name]) => !names.includes(name)) : [],
  );
