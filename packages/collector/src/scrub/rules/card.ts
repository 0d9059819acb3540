import { MAY } from '../look.ts';
import type { Rule } from './rule.ts';

/** Fourteen to nineteen digits, alone or in groups with one blank or dash between them. */
const CANDIDATE = /(?<![\d\p{L}_]|\d[.,])\d(?:[ \t\u00a0\u2000-\u200b\u202f+-]?\d){13,18}(?![\d\p{L}_])/gu;

/**
 * Issuers' first digits and lengths. Visa's old 13 digits are left out: no card has them any more, and German articles (GTIN 40 to 44) do.
 * Source: ISO/IEC 7812 ranges as the schemes publish them.
 */
const SCHEMES: readonly [prefix: RegExp, lengths: readonly number[]][] = [
  [/^4/, [16, 19]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^(?:30[0-5]|3095|3[689])/, [14, 16, 19]],
  [/^(?:6011|64[4-9]|65)/, [16, 19]],
  [/^35(?:2[89]|[3-8])/, [16, 19]],
  [/^(?:62|81)/, [16, 17, 18, 19]],
  [/^(?:5018|5020|5038|5[68]|6304|6390|67)/, [16, 17, 18, 19]],
];

/** Payment card numbers: a known issuer, its length, and the check digit. Source: ISO/IEC 7812-1 annex B (Luhn). */
export const card: Rule = {
  name: 'card',
  needs: MAY.digits,
  replace: (text, hit) =>
    text.replace(CANDIDATE, (match) => {
      const found = longestCard(match);
      if (found === undefined) return match;
      hit();
      return `[card]${match.slice(found)}`;
    }),
};

/** Characters of the card that a candidate is, or begins with before another number (an expiry date, a security code). */
function longestCard(match: string): number | undefined {
  const digits = match.replace(/\D/g, '');
  if (isCard(digits)) return match.length;
  let count = digits.length;
  for (let at = match.length - 1; at > 0; at--) {
    if (!isDigit(match.charCodeAt(at))) {
      if (isCard(digits.slice(0, count))) return at;
    } else count--;
  }
  return undefined;
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

const isCard = (digits: string): boolean =>
  SCHEMES.some(([prefix, lengths]) => lengths.includes(digits.length) && prefix.test(digits)) && luhn(digits);

function luhn(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, isDoubled = false; at >= 0; at--, isDoubled = !isDoubled) {
    const digit = digits.charCodeAt(at) - 48;
    const value = isDoubled ? digit * 2 : digit;
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}
