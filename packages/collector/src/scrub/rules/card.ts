import { MAY } from '../look.ts';
import type { Rule } from './rule.ts';
import { isInUuid } from './uuid.ts';

/** Fourteen digits or more, alone or in groups with one blank or dash between them. */
const CANDIDATE = /(?<!\d[.,]?)\d(?:[ \t\u00a0\u2000-\u200b\u2010-\u2015\u202f+-]?\d){13,}/g;

/** As on the card, with signs between that numbers of other kinds have too: then only in its own four groups. */
const FOUR_GROUPS = /(?<!\d[._/]?)\d{4}([._/])\d{4}\1\d{4}\1\d{4}(?![\d._/]\d|\d)/g;

const GROUP = /\d+/g;

/**
 * Issuers' first digits and lengths. Visa's old 13 digits are left out: no card has them any more, and German articles
 * (GTIN 40 to 44) do. Source: the ranges of ISO/IEC 7812 as the schemes publish them.
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

/** What a card can begin with, by the table above: spares building the number for most groups of digits. */
const FIRST_DIGITS = '234568';

/** Payment card numbers: a known issuer, its length, and the check digit. Source: ISO/IEC 7812-1 annex B (Luhn). */
export const card: Rule = {
  name: 'card',
  needs: MAY.digits,
  replace: (text, hit) =>
    text
      .replace(CANDIDATE, (match, at: number) => (isInUuid(text, at, match) ? match : withoutCards(match, hit)))
      .replace(FOUR_GROUPS, (match) => {
        if (!isCard(match.replace(/\D/g, ''))) return match;
        hit();
        return '[card]';
      }),
};

/** Other numbers may stand right before and behind a card (a quantity, an expiry date), so every run of groups is tried. */
function withoutCards(match: string, hit: () => void): string {
  const groups = [...match.matchAll(GROUP)];
  let out = '';
  let done = 0;
  for (let first = 0; first < groups.length; first++) {
    const last = lastOfCard(groups, first);
    if (last === undefined) continue;
    hit();
    const end = groups[last]!;
    out += `${match.slice(done, groups[first]!.index)}[card]`;
    done = end.index + end[0].length;
    first = last;
  }
  return out + match.slice(done);
}

/** The group that ends the longest card beginning with this one. */
function lastOfCard(groups: readonly RegExpMatchArray[], first: number): number | undefined {
  if (!FIRST_DIGITS.includes(groups[first]![0][0]!)) return undefined;
  let digits = '';
  let found: number | undefined;
  for (let last = first; last < groups.length && digits.length < 19; last++) {
    digits += groups[last]![0];
    if (digits.length >= 14 && isCard(digits)) found = last;
  }
  return found;
}

const isCard = (digits: string): boolean =>
  luhn(digits) && SCHEMES.some(([prefix, lengths]) => lengths.includes(digits.length) && prefix.test(digits));

function luhn(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, isDoubled = false; at >= 0; at--, isDoubled = !isDoubled) {
    const digit = digits.charCodeAt(at) - 48;
    const value = isDoubled ? digit * 2 : digit;
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}
