import { createHmac, timingSafeEqual } from 'node:crypto';

/** The header of a request that asks how it arrived here. */
export const DIAGNOSE_HEADER = 'x-parcours-diagnose';

/** A request may be this old, ms, or this early: it is answered on the machine that signed it, or near. */
const LIFE_MS = 60_000;

/**
 * The value of the header: time, a name of the request's own, and their signature. Nobody without the secret learns anything;
 * whoever sees one on its way can only ask the same for a minute, about a request of his own.
 *
 * @param nonce told again in the answer, so that one from a cache is known
 */
export function signDiagnosis(
  secret: Uint8Array,
  { now, nonce }: { readonly now: number; readonly nonce: string },
): string {
  return `${now}.${nonce}.${signatureOf(secret, `${now}.${nonce}`)}`;
}

/** The nonce of a header that is signed with the secret, and fresh; else nothing. */
export function readDiagnosis(secret: Uint8Array, header: string, now: number): string | undefined {
  const [, time = '', nonce = '', signature = ''] = /^(\d{1,15})\.([\w-]{1,64})\.([\w-]{43})$/.exec(header) ?? [];
  const expected = Buffer.from(signatureOf(secret, `${time}.${nonce}`));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return Math.abs(now - Number(time)) <= LIFE_MS ? nonce : undefined;
}

const signatureOf = (secret: Uint8Array, text: string): string =>
  createHmac('sha256', secret).update(`diagnose\n${text}`).digest('base64url');

/** How a request was seen: what it came with, and what was made of it. */
export interface Diagnosis {
  readonly nonce: string;
  /** The other end of the socket. */
  readonly socket: { readonly address?: string; readonly port?: number };
  /** Headers that tell of proxies, as they came. */
  readonly headers: Readonly<Record<string, string>>;
  /** The client's address in force; absent where there is none. */
  readonly address?: string;
  readonly trust_proxy: false | number | readonly string[];
  readonly address_header: string;
  /** The site whose page asked, and whether its visitor cookie came along and stood. */
  readonly site?: string;
  readonly visitor: 'known' | 'unknown' | 'none';
}
