import { MAY } from '../look.ts';
import type { Rule } from './rule.ts';

const WORD = /[A-Za-z0-9_-]{40,}/g;
/** Base64 with `+` and `/`; a path has these signs too, so its words must pass the same test of mixing as a whole. */
const BASE64 = /[A-Za-z0-9+/_-]{40,}={0,2}/g;

const HEX = /(?<![A-Za-z0-9])(?=[0-9]*[A-Fa-f])(?=[A-Fa-f]*[0-9])[0-9A-Fa-f]{32,}(?![A-Za-z0-9])/g;

/** Share of neighbours of unlike class (lower, upper, digit). Random base64 has 0.65, with 3 of 10,000 below; camel-case words 0.25. */
const MIXED = 0.4;

/**
 * Secrets without a form of their own: 32 or more hex digits, and 40 or more characters of base64 in which lower case,
 * upper case and digits alternate as chance does. How often they alternate parts tokens from names; the entropy of single
 * characters, at 40 of them, hardly does. UUIDs, slugs and plain numbers stay.
 */
export const token: Rule = {
  name: 'token',
  needs: MAY.token,
  replace(text, hit) {
    const replaced = (): string => {
      hit();
      return '[token]';
    };
    const test = (match: string): string => (isRandom(match) ? replaced() : match);
    return text.replace(HEX, replaced).replace(BASE64, test).replace(WORD, test);
  },
};

function isRandom(word: string): boolean {
  let changes = 0;
  let pairs = 0;
  let seen = 0;
  let last = 0;
  for (let at = 0; at < word.length; at++) {
    const kind = classOf(word.charCodeAt(at));
    if (kind === 0) continue;
    seen |= kind;
    if (last !== 0) {
      pairs++;
      if (kind !== last) changes++;
    }
    last = kind;
  }
  return seen === 7 && changes >= pairs * MIXED;
}

/** 1 lower case, 2 upper case, 4 digit, 0 signs. */
function classOf(code: number): number {
  if (code >= 97) return 1;
  if (code >= 65) return code === 95 ? 0 : 2;
  return code >= 48 && code <= 57 ? 4 : 0;
}
