import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { isAlive, VISITOR_LIFE_MS } from './visitor_age.ts';

/**
 * The visitor's id in a cookie that scripts cannot read, signed with the date of its first issue.
 *
 * It ends 395 days from first issue, or when the policy says, however often it is written. It has no `Path`: the browser then takes the folder of
 * the address that it asked (RFC 6265, 5.1.4), `/v1` for `/v1/events`, and the right one too behind a proxy or a path of the
 * shop's own, so that the rest of the site is fetched without it. `Secure` is accepted on localhost by browsers.
 */
export interface VisitorCookie {
  /** The id in a `Cookie` header, where its signature and age stand; else nothing. */
  read(header: string | undefined, place: CookiePlace): KnownVisitor | undefined;
  /** A `Set-Cookie` value. */
  write(place: CookiePlace, visitor: IssuedVisitor): string;
  /** A `Set-Cookie` value that removes it. */
  clear(place: CookiePlace): string;
}

/** Whose cookie it is, and where it lies. */
export interface CookiePlace {
  readonly site: string;
  /** The domain whose hosts share it; undefined for the host alone. */
  readonly domain: string | undefined;
  /** Ms that it lives from first issue. Default 395 days, which nothing exceeds. */
  readonly lifeMs?: number;
}

export interface IssuedVisitor {
  readonly id: string;
  /** First issue, ms since the epoch. */
  readonly issuedAt: number;
}

/** What a valid cookie says. */
export interface KnownVisitor extends IssuedVisitor {
  /** It was set for another domain than the one in force: it must be set anew to be seen everywhere. */
  readonly isElsewhere: boolean;
}

/** One cookie of a header that stands, and when it was written, ms since the epoch. */
interface Candidate extends KnownVisitor {
  readonly writtenAt: number;
}

export function createVisitorCookie({
  secret,
  now,
}: {
  readonly secret: Uint8Array;
  readonly now: () => number;
}): VisitorCookie {
  // The site is signed too: a cookie of one site proves nothing to another on the same collector.
  const sign = (site: string, payload: string): string =>
    createHmac('sha256', secret).update(`${site}\n${payload}`).digest('base64url').slice(0, 27);

  const check = (value: string, { site, domain, lifeMs }: CookiePlace): Candidate | undefined => {
    const cut = value.lastIndexOf('.');
    const payload = value.slice(0, cut);
    const expected = Buffer.from(sign(site, payload));
    const given = Buffer.from(value.slice(cut + 1));
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    const [issued = '', id, written = '', mark] = payload.split('.');
    const issuedAt = Number.parseInt(issued, 36) * 1000;
    if (!id || !isAlive(issuedAt, now(), lifeMs)) return undefined;
    return { id, issuedAt, isElsewhere: mark !== markOf(domain), writtenAt: Number.parseInt(written, 36) };
  };

  return {
    read(header, place) {
      if (header === undefined) return undefined;
      // After a change of the domain a browser sends the cookie of before as well. The one written last knows what the others
      // do not, such as that the visitor was reset.
      let last: Candidate | undefined;
      for (const value of valuesOf(header, nameOf(place.site))) {
        const candidate = check(value, place);
        if (candidate && (!last || isLater(candidate, last))) last = candidate;
      }
      return last && { id: last.id, issuedAt: last.issuedAt, isElsewhere: last.isElsewhere };
    },
    write({ site, domain, lifeMs = VISITOR_LIFE_MS }, { id, issuedAt }) {
      const time = now();
      const issued = Math.floor(issuedAt / 1000).toString(36);
      const payload = `${issued}.${id}.${time.toString(36)}.${markOf(domain)}`;
      const left = Math.max(0, Math.floor((issuedAt + lifeMs - time) / 1000));
      return `${nameOf(site)}=${payload}.${sign(site, payload)}; Max-Age=${left}${attributesOf(domain)}`;
    },
    clear: ({ site, domain }) => `${nameOf(site)}=; Max-Age=0${attributesOf(domain)}`,
  };
}

/** Only ids of this form go into a cookie: nothing in them can break out of it. */
export const COOKIE_SAFE = /^[A-Za-z0-9_-]{1,64}$/;
export const isCookieSafe = (id: string): boolean => COOKIE_SAFE.test(id);

const attributesOf = (domain: string | undefined): string =>
  `${domain === undefined ? '' : `; Domain=${domain}`}; HttpOnly; Secure; SameSite=Lax`;

const nameOf = (site: string): string => `pc_${site}`;

/** Of two written at the same moment, the one for the domain in force. */
const isLater = (a: Candidate, b: Candidate): boolean =>
  a.writtenAt === b.writtenAt ? b.isElsewhere : a.writtenAt > b.writtenAt;

/** A domain as the cookie remembers it: only whether it is still the same matters. */
const markOf = (domain: string | undefined): string =>
  domain === undefined ? '' : createHash('sha256').update(domain).digest('base64url').slice(0, 6);

function valuesOf(header: string, name: string): string[] {
  return header
    .split(';')
    .map((part) => part.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}
