import { createHmac, randomBytes } from 'node:crypto';

/** Marks a visitor within one day and one site, so that they can be counted, and by nothing that is kept. */
export interface DayVisitors {
  /**
   * A keyed hash of address and user agent, the same for the same visitor of a site until the day ends.
   *
   * @param at ms since the epoch; the day is UTC's
   */
  mark(site: string, at: number, visitor: { readonly address: string; readonly userAgent: string | undefined }): string;
}

/** Sites whose salts are held: who may send is known, so there are as many. */
interface Salt {
  readonly day: number;
  readonly bytes: Buffer;
}

const DAY_MS = 86_400_000;

/**
 * HMAC-SHA-256 under a random salt of 256 bits, one for each site and day. A salt is in the memory of this process alone, in no
 * file, log or backup, and is overwritten when the next day begins: from then on nobody can tell whose a mark was, or make it
 * again. A restart begins anew, and so does each process: they count a visitor once each.
 *
 * Source: CNIL, self-assessment of audience measurement (a fingerprint must mix in the site and the time).
 *
 * @param random that many random bytes
 */
export function createDayVisitors(random: (bytes: number) => Buffer = randomBytes): DayVisitors {
  const salts = new Map<string, Salt>();

  const saltOf = (site: string, at: number): Buffer => {
    const day = Math.floor(at / DAY_MS);
    const known = salts.get(site);
    if (known?.day === day) return known.bytes;
    // Of every site: one that nobody visits any more must not keep its last.
    for (const [other, salt] of salts) {
      if (salt.day === day) continue;
      salt.bytes.fill(0);
      salts.delete(other);
    }
    const bytes = random(32);
    salts.set(site, { day, bytes });
    return bytes;
  };

  return {
    mark(site, at, { address, userAgent = '' }) {
      const told = `${site}\0${address}\0${userAgent}`;
      return createHmac('sha256', saltOf(site, at)).update(told).digest('base64url').slice(0, 22);
    },
  };
}
