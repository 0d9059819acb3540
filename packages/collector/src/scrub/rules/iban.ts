import { MAY } from '../look.ts';
import { type Rule, SEPARATOR } from './rule.ts';
import { isInUuid } from './uuid.ts';

/** Characters of an IBAN by country. Source: SWIFT IBAN registry. */
const LENGTHS = new Map(
  `AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24
  FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21
  LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33
  SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30`
    .split(/\s+/)
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** Whatever stands between two groups: the check digits tell an IBAN from anything else. */
const S = SEPARATOR.replace(']', '/_]');

/** Where one may begin: a word of its own, or right behind its name. */
const BEGIN = new RegExp(`(?:(?<![A-Za-z0-9])|(?<=iban))[A-Za-z]{2}${S}?\\d${S}?\\d`, 'gi');

const IS_ALNUM = /[A-Za-z0-9]/;
const IS_SEPARATOR = new RegExp(S);

/** IBANs in any grouping and case, proven by length and check digits. Source: ISO 13616, ISO 7064 MOD 97-10. */
export const iban: Rule = {
  name: 'iban',
  needs: MAY.iban | MAY.digits,
  replace(text, hit) {
    let out = '';
    let done = 0;
    BEGIN.lastIndex = 0;
    for (let begin = BEGIN.exec(text); begin; begin = BEGIN.exec(text)) {
      const end = endOf(text, begin.index);
      if (end === undefined || isInUuid(text, begin.index, text.slice(begin.index, end))) continue;
      hit();
      out += `${text.slice(done, begin.index)}[iban]`;
      done = end;
      BEGIN.lastIndex = end;
    }
    return done === 0 ? text : out + text.slice(done);
  },
};

/** Where the IBAN that begins here ends, if it is one. */
function endOf(text: string, start: number): number | undefined {
  const length = LENGTHS.get(text.slice(start, start + 2).toUpperCase());
  if (length === undefined) return undefined;
  let code = '';
  let at = start;
  for (let blanks = 0; at < text.length && code.length < length; at++) {
    const character = text[at]!;
    if (IS_ALNUM.test(character)) {
      code += character;
      blanks = 0;
    } else if (!IS_SEPARATOR.test(character) || ++blanks > 2) return undefined;
  }
  const isWhole = code.length === length && !(at < text.length && IS_ALNUM.test(text[at]!));
  return isWhole && remainder(code.toUpperCase()) === 1 ? at : undefined;
}

/** The code with its first four characters last, letters as 10 to 35, modulo 97. */
function remainder(code: string): number {
  let rest = 0;
  for (const character of code.slice(4) + code.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}
