import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The visitor's id in a cookie that scripts cannot read, signed with the date of its first issue.
 *
 * 395 days from first issue and never extended: CNIL's 13 months, not renewed on visits (guidelines 2020-091, art. 5).
 * `Path=/v1`, so that the script and the policy are fetched without it. `Secure` is accepted on localhost by browsers.
 */
export interface VisitorCookie {
  /** The id in a `Cookie` header, where its signature and age stand; else nothing. */
  read(header: string | undefined, site: string): IssuedVisitor | undefined;
  /** A `Set-Cookie` value. `issuedAt` in ms since the epoch. */
  write(site: string, visitor: IssuedVisitor): string;
}

export interface IssuedVisitor {
  readonly id: string;
  readonly issuedAt: number;
}

const LIFE_SECONDS = 395 * 86_400;

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
  return {
    read(header, site) {
      const value = header === undefined ? undefined : find(header, nameOf(site));
      if (value === undefined) return undefined;
      const cut = value.lastIndexOf('.');
      const payload = value.slice(0, cut);
      const expected = Buffer.from(sign(site, payload));
      const given = Buffer.from(value.slice(cut + 1));
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      const [issued, id] = payload.split('.', 2);
      const issuedAt = Number.parseInt(issued ?? '', 36) * 1000;
      if (!id || !(issuedAt + LIFE_SECONDS * 1000 > now())) return undefined;
      return { id, issuedAt };
    },
    write(site, { id, issuedAt }) {
      const payload = `${Math.floor(issuedAt / 1000).toString(36)}.${id}`;
      const left = Math.max(0, LIFE_SECONDS - Math.floor((now() - issuedAt) / 1000));
      return `${nameOf(site)}=${payload}.${sign(site, payload)}; Max-Age=${left}; Path=/v1; HttpOnly; Secure; SameSite=Lax`;
    },
  };
}

/** Only ids of this form go into a cookie: nothing in them can break out of it. */
export const isCookieSafe = (id: string): boolean => /^[A-Za-z0-9_-]{1,64}$/.test(id);

const nameOf = (site: string): string => `pc_${site}`;

function find(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const pair = part.trim();
    if (pair.startsWith(`${name}=`)) return pair.slice(name.length + 1);
  }
  return undefined;
}
