import { MAY } from '../look.ts';
import type { Rule } from './rule.ts';

/**
 * Letters of any script, digits, and the signs that local parts hold in practice, with what has no width among them; `/`, `=`,
 * `?`, `&` end one in an address.
 */
const isLocal = (character: string): boolean =>
  /[\p{L}\p{M}\p{N}._%+'~!#$^*{|}\u200b-\u200d\u2060\ufeff-]/u.test(character);

/** Local parts have 64 characters at most, names 253. Source: RFC 5321 4.5.3.1. */
const MAX_LOCAL = 64;
const DOMAIN = /(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}_-]{0,62})\.){1,8}(?:xn--[a-z0-9-]{2,59}|\p{L}[\p{L}\p{M}]{1,62})/uy;

/** Picture names for dense screens (`boot@2x.png`) have the shape of an address and are none. */
const PICTURE = /^\d+x\.(?:png|jpe?g|gif|webp|avif|svg)$/i;

/** E-mail addresses, also behind `mailto:` and in queries. Hosts without a dot, and numeric ones, are not taken for one. */
export const email: Rule = {
  name: 'email',
  needs: MAY.email,
  replace(text, hit) {
    let out = '';
    let done = 0;
    for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
      DOMAIN.lastIndex = at + 1;
      const domain = DOMAIN.exec(text)?.[0];
      if (!domain || PICTURE.test(domain)) continue;
      let start = at;
      while (start > done && at - start < MAX_LOCAL && isLocal(text[start - 1]!)) start--;
      if (start === at) start = quotedStart(text, at, done) ?? at;
      if (start === at) continue;
      hit();
      out += `${text.slice(done, start)}[email]`;
      done = at + 1 + domain.length;
    }
    return done === 0 ? text : out + text.slice(done);
  },
};

/** `"jean dupont"@example.fr`: a local part in quotes. */
function quotedStart(text: string, at: number, from: number): number | undefined {
  if (text[at - 1] !== '"') return undefined;
  const open = text.lastIndexOf('"', at - 2);
  return open >= from && at - open <= MAX_LOCAL ? open : undefined;
}
