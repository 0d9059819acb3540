import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { IssuedVisitor } from '../visitor_cookie.ts';

/** Who follows a link to another domain of the shop. */
export interface LinkClaim {
  /** The site of the page that the link is on. */
  readonly site: string;
  readonly visitor: IssuedVisitor;
  /** Ms since the epoch, whole seconds. */
  readonly expiresAt: number;
  /** Differs for each token that was ever made. */
  readonly nonce: string;
}

/**
 * Tokens that carry a visitor's id over to another domain of the shop, in a link's address.
 *
 * Sealed, not only signed: an address is read by the scripts of the page that it leads to and rests in that server's logs, and
 * a visitor's id that all of them can read would be what third-party cookies were. No two tokens have anything in common.
 */
export interface LinkTokens {
  /** A token for the next {@link LINK_LIFE_MS}. `A-Z a-z 0-9 - _`, 110 characters for a UUID and a site of four letters. */
  issue(site: string, visitor: IssuedVisitor, now: number): string;
  /** What a token says, however old it is; nothing where one bit of it is not as we made it. */
  read(token: string): LinkClaim | undefined;
}

/** A secret under its number, which each token begins with: several stand while one is being replaced. */
export interface LinkKey {
  /** 0 to 255. */
  readonly version: number;
  /** 32 bytes or more. */
  readonly secret: Uint8Array;
}

/** Two minutes, as Google's linker parameter: enough for a slow page, too short for an address that is passed on. */
export const LINK_LIFE_MS = 120_000;

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 16;
const TAG_BYTES = 16;
/** Expiry and first issue, four bytes each, and one for the length of the site. */
const FIXED_BYTES = 9;
const HEAD_BYTES = 1 + NONCE_BYTES;
/** Each token has a key of its own, so the cipher's own nonce never has to differ (RFC 5869; NIST SP 800-38D, 8). */
const IV = Buffer.alloc(12);

/**
 * Layout, base64url: version, nonce, sealed (expiry, first issue, length of site, site, visitor id), tag.
 *
 * @param keys   the first seals, all open
 * @param random so many random bytes
 */
export function createLinkTokens(
  keys: readonly [LinkKey, ...LinkKey[]],
  random: (bytes: number) => Uint8Array = randomBytes,
): LinkTokens {
  const byVersion = new Map(keys.map((key) => [key.version, key.secret]));
  const keyFor = (secret: Uint8Array, nonce: Uint8Array): Uint8Array =>
    new Uint8Array(hkdfSync('sha256', secret, nonce, 'parcours link', 32));

  return {
    issue(site, { id, issuedAt }, now) {
      const [{ version, secret }] = keys;
      const nonce = random(NONCE_BYTES);
      const fixed = Buffer.alloc(FIXED_BYTES);
      fixed.writeUInt32BE(Math.floor((now + LINK_LIFE_MS) / 1000), 0);
      fixed.writeUInt32BE(Math.floor(issuedAt / 1000), 4);
      fixed.writeUInt8(site.length, 8);
      const head = Buffer.from([version, ...nonce]);
      const cipher = createCipheriv(CIPHER, keyFor(secret, nonce), IV).setAAD(head);
      const sealed = [cipher.update(fixed), cipher.update(`${site}${id}`, 'latin1'), cipher.final()];
      return Buffer.concat([head, ...sealed, cipher.getAuthTag()]).toString('base64url');
    },
    read(token) {
      const bytes = Buffer.from(token, 'base64url');
      // Decoding forgives: other characters, or other last bits, that stand for the same bytes.
      if (bytes.toString('base64url') !== token || bytes.length < HEAD_BYTES + FIXED_BYTES + TAG_BYTES)
        return undefined;
      const secret = byVersion.get(bytes.readUInt8(0));
      if (!secret) return undefined;
      const nonce = bytes.subarray(1, HEAD_BYTES);
      const opened = open(bytes, keyFor(secret, nonce));
      if (!opened) return undefined;
      const cut = FIXED_BYTES + opened.readUInt8(8);
      return {
        site: opened.toString('latin1', FIXED_BYTES, cut),
        visitor: { id: opened.toString('latin1', cut), issuedAt: opened.readUInt32BE(4) * 1000 },
        expiresAt: opened.readUInt32BE(0) * 1000,
        nonce: nonce.toString('base64url'),
      };
    },
  };
}

/** The key of tokens where only the secret of the visitor cookies is given: of it, and of no use for it. */
export const linkKeyOf = (cookieSecret: Uint8Array): LinkKey => ({
  version: 1,
  secret: new Uint8Array(hkdfSync('sha256', cookieSecret, '', 'parcours link tokens', 32)),
});

function open(bytes: Buffer, key: Uint8Array): Buffer | undefined {
  const decipher = createDecipheriv(CIPHER, key, IV, { authTagLength: TAG_BYTES })
    .setAAD(bytes.subarray(0, HEAD_BYTES))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(HEAD_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    return undefined;
  }
}
