import { MAY } from '../look.ts';
import { type Rule, SEPARATOR as S } from './rule.ts';
import { isInUuid } from './uuid.ts';

/** Not inside a longer number, a decimal or a word: `REF0612345678` is an article. */
const BEFORE = '(?<![\\d\\p{L}]|\\d[.,])';
const AFTER = '(?![\\d\\p{L}])';

const BLANK = '[ \\t\\u00a0\\u2000-\\u200b\\u202f]';

/**
 * French numbers. +33, 0033 or 33 in brackets, then nine digits; or 0 and nine digits, in pairs (06 12 34 56 78, one and the
 * same separator throughout, so that dates do not match), or in the other groupings that people type; and mobiles as CRM files
 * have them, 33 without +.
 * Source: ARCEP numbering plan, ten digits, 01 to 09.
 */
const FRENCH = new RegExp(
  [
    `\\(?(?:\\+|(?<![\\d\\p{L}])00)${S}?33\\)?${S}{0,2}(?:\\(0\\))?${S}?0?[1-9](?:${S}{0,2}\\d){8}(?!\\d)`,
    `${BEFORE}0[1-9](${S}|[/_]|)\\d{2}(?:\\1\\d{2}){3}${AFTER}`,
    `${BEFORE}0[1-9]${S}\\d{3}${S}\\d{3}${S}\\d{2}${AFTER}`,
    `${BEFORE}0[1-9]${S}\\d{4}${S}\\d{4}${AFTER}`,
    `${BEFORE}0[1-9]\\d{2}${S}\\d{2}${S}\\d{2}${S}\\d{2}${AFTER}`,
    `${BEFORE}0[1-9]\\d{2}${S}\\d{3}${S}\\d{3}${AFTER}`,
    `${BEFORE}0[1-9]${S}\\d{2}${S}\\d{3}${S}\\d{3}${AFTER}`,
    `${BEFORE}0[1-9](?:${BLANK}{1,2}\\d{2}){4}${AFTER}`,
    `${BEFORE}\\(0\\)${S}?[1-9](?:${S}?\\d{2}){4}(?!\\d)`,
    `${BEFORE}33[67]\\d{8}${AFTER}`,
  ].join('|'),
  'gu',
);

/** E.164: + and up to 15 digits, here 9 at least. `+36 38 40 42 44` is a row of sizes, but looks the same and goes. */
const INTERNATIONAL = /\+[1-9]\d{0,3}(?:[ \t\u00a0\u2000-\u200b\u2010-\u2015\u202f.()/-]{0,3}\d){5,14}(?!\d)/gu;

/** 00 and a European neighbour's code, then a national number; longer runs are the codes of parcels and articles. */
const PREFIX_00 = new RegExp(
  `${BEFORE}00${S}?(?:3[1-69]|4[013-9]|35[0-9]|37[0-9]|38[0-9]|42[013])(?:${S}{0,2}\\d){8,11}${AFTER}`,
  'gu',
);

/** +48.8566 is a latitude. */
const DECIMAL = /^\+\d{1,3}\.\d{4,}$/;

/** Phone numbers: E.164 with + or 00, and French ones. National numbers of other countries have no shape of their own. */
export const phone: Rule = {
  name: 'phone',
  needs: MAY.digits,
  replace(text, hit) {
    const french = text.replace(FRENCH, (match, _separator, at: number) => {
      if (isInUuid(text, at, match)) return match;
      hit();
      return '[phone]';
    });
    const international = french.includes('+')
      ? french.replace(INTERNATIONAL, (match) => {
          if (DECIMAL.test(match) || match.replace(/\D/g, '').length < 9) return match;
          hit();
          return '[phone]';
        })
      : french;
    if (!international.includes('00')) return international;
    return international.replace(PREFIX_00, (match, at: number) => {
      if (isInUuid(international, at, match)) return match;
      hit();
      return '[phone]';
    });
  },
};
