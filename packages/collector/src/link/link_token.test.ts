import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLinkTokens, LINK_LIFE_MS, linkKeyOf } from './link_token.ts';

const now = Date.parse('2026-11-22T10:00:00.000Z');
const visitor = { id: '019aa1c0-0000-7000-8000-000000000001', issuedAt: Date.parse('2026-01-05T08:00:00.000Z') };
const key = (version: number) => ({ version, secret: randomBytes(32) });
const one = key(1);
const tokens = createLinkTokens([one]);

describe('a link token', () => {
  it('says after its journey what it said before, for any site and visitor', () => {
    const seconds = fc.integer({ min: 0, max: 4_000_000_000 });
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,62}$/),
        fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
        seconds,
        seconds,
        (site, id, issued, time) => {
          const issuedAt = issued * 1000;
          expect(tokens.read(tokens.issue(site, { id, issuedAt }, time * 1000))).toMatchObject({
            site,
            visitor: { id, issuedAt },
            expiresAt: time * 1000 + LINK_LIFE_MS,
          });
        },
      ),
    );
  });

  it('fits an address: 110 characters, none of which needs an escape', () => {
    const token = tokens.issue('shop', visitor, now);
    expect(token).toMatch(/^[A-Za-z0-9_-]{110}$/);
    expect(tokens.issue('s'.repeat(63), visitor, now).length).toBeLessThan(200);
  });

  it('tells nobody else who the visitor is, and has nothing in common with the next', () => {
    const [first, second] = [1, 2].map(() => Buffer.from(tokens.issue('shop', visitor, now), 'base64url'));
    expect(first?.toString('latin1')).not.toContain('019aa1c0');
    const shared = first?.filter((byte, at) => byte === second?.[at]).length ?? 0;
    // The version, and what chance makes equal: 1 of 256.
    expect(shared).toBeLessThan(12);
  });

  it('is refused where any bit was changed, a byte is missing or one too many', () => {
    const bytes = Buffer.from(tokens.issue('shop', visitor, now), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const altered = Buffer.from(bytes);
      altered[bit >> 3] = altered[bit >> 3]! ^ (1 << (bit & 7));
      expect(tokens.read(altered.toString('base64url'))).toBeUndefined();
    }
    for (let length = 0; length < bytes.length; length++) {
      expect(tokens.read(bytes.subarray(0, length).toString('base64url'))).toBeUndefined();
    }
    expect(tokens.read(Buffer.concat([bytes, Buffer.alloc(1)]).toString('base64url'))).toBeUndefined();
  });

  it('is refused in any other spelling of the same bytes', () => {
    // 82 bytes: the last character has bits to spare.
    const token = tokens.issue('shop', visitor, now);
    expect(tokens.read(token)).toBeDefined();
    const last = token.at(-1) as string;
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const character of alphabet.replace(last, ''))
      expect(tokens.read(token.slice(0, -1) + character)).toBeUndefined();
    for (const other of [`${token}=`, ` ${token}`, `${token}%20`, `${token.slice(0, 9)}.${token.slice(9)}`]) {
      expect(tokens.read(other)).toBeUndefined();
    }
  });

  it('is refused whatever else is given for one', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String({ maxLength: 300 })), (text) => {
        expect(tokens.read(text)).toBeUndefined();
      }),
    );
  });

  it('outlives the change of the key while the old one is known, and not without', () => {
    const two = key(2);
    const old = tokens.issue('shop', visitor, now);
    const changed = createLinkTokens([two, one]);
    expect(changed.read(old)).toMatchObject({ visitor });
    expect(Buffer.from(changed.issue('shop', visitor, now), 'base64url')[0]).toBe(2);
    expect(createLinkTokens([two]).read(old)).toBeUndefined();
    expect(createLinkTokens([{ version: 1, secret: two.secret }]).read(old)).toBeUndefined();
  });

  it('needs the secret of the data folder, and its key is not that secret', () => {
    const secret = randomBytes(32);
    const own = createLinkTokens([linkKeyOf(secret)]);
    const token = own.issue('shop', visitor, now);
    expect(createLinkTokens([linkKeyOf(secret)]).read(token)).toMatchObject({ visitor });
    expect(createLinkTokens([linkKeyOf(randomBytes(32))]).read(token)).toBeUndefined();
    expect(createLinkTokens([{ version: 1, secret }]).read(token)).toBeUndefined();
  });
});
