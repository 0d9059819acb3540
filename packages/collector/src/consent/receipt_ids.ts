import { type ConsentStamp, isPurpose, LIMITS, PURPOSES, type Purpose } from '@parcours/protocol';
import { isReceiptId, type ReceiptClaims, receiptIdOf, subjectOf } from '@parcours/store/receipts';
import { utcText } from '../enrich/clock.ts';
import { createRecentlyUsed } from '../recently_used.ts';

/** The ids of receipts and of those whose they are, under the collector's key. */
export interface ReceiptIds {
  /** Whose a receipt of this visitor is. */
  subjectOf(site: string, visitorId: string): string;
  /** What the receipt of a choice attests. */
  claimsOf(stamp: ConsentStamp, subject: string): Claims;
  idOf(claims: ReceiptClaims): string;
  /** Whether the stamp's receipt is the one of this very choice of this visitor. */
  isOf(stamp: ConsentStamp, site: string, visitorId: string): boolean;
}

/** Choices and visitors remembered, twice as many at most: a hash takes some microseconds, and a visit sends many batches. */
const REMEMBERED = 20_000;

/** What of a choice a receipt attests, as it may rest: purposes that nobody knows permit nothing and are no part of it. */
export interface Claims extends ReceiptClaims {
  readonly purposes: readonly Purpose[];
}

/** The choice for which a receipt was found to stand. */
interface Proven extends Pick<ConsentStamp, 'at' | 'source' | 'policy'> {
  readonly site: string;
  readonly visitorId: string;
  readonly purposes: readonly string[];
}

/**
 * @param key   at least 32 bytes, the same for every collector of a shop
 * @param scrub takes personal data out of a text
 */
export function createReceiptIds(key: Uint8Array, scrub: (text: string) => string): ReceiptIds {
  const subjects = createRecentlyUsed<string>(REMEMBERED);
  const proven = createRecentlyUsed<Proven>(REMEMBERED);

  const claimsOf = ({ at, purposes, source, policy }: ConsentStamp, of: string): Claims => ({
    subject: of,
    at: utcText(at),
    purposes: purposes.filter(isPurpose),
    source: scrub(source),
    policy,
  });

  const subject = (site: string, visitorId: string): string => {
    const name = `${site} ${visitorId}`;
    const known = subjects.get(name);
    if (known !== undefined) return known;
    const made = subjectOf(key, site, visitorId);
    if (visitorId.length <= ID_CHARS) subjects.set(name, made);
    return made;
  };

  return {
    subjectOf: subject,
    claimsOf,
    idOf: (claims) => receiptIdOf(key, claims),
    isOf(stamp, site, visitorId) {
      const { receipt = '', at, source, policy, purposes } = stamp;
      const known = proven.get(receipt);
      if (
        known?.visitorId === visitorId &&
        known.site === site &&
        known.at === at &&
        known.source === source &&
        known.policy === policy &&
        isSame(known.purposes, purposes)
      ) {
        return true;
      }
      if (!isReceiptId(key, claimsOf(stamp, subject(site, visitorId)), receipt)) return false;
      // Nobody's choice is as long as a stranger's can be.
      if (purposes.length <= PURPOSES.length && at.length <= TIME_CHARS)
        proven.set(receipt, { site, visitorId, at, source, policy, purposes });
      return true;
    },
  };
}

/** Of an id or a time that is remembered. */
const ID_CHARS = LIMITS.stampChars;
const TIME_CHARS = 40;

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((each, index) => each === b[index]);
