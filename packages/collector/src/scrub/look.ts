/** What a text may hold, as bits: the answer of the first look. A rule runs only if one of its bits is set. */
export const MAY = {
  /** An @. */
  email: 1,
  /** Nine digits or more with nothing but separators between them: phone, card, NIR, most IBANs. */
  digits: 2,
  /** Two letters and two digits that begin a word: an IBAN whose account has letters. */
  iban: 4,
  /** 32 characters or more of one word, digits among them. */
  token: 8,
  /** `eyJ`, which is `{"` in base64: a JWT. */
  jwt: 16,
  /** A percent escape, behind which anything may stand. */
  escape: 32,
  /** A control character or half of a surrogate pair. */
  repair: 64,
} as const;

const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;
const SEPARATOR = 3;
/** `-`, `_` and `+`: separators that words of tokens hold too. */
const JOINER = 4;
const AT = 5;
const PERCENT = 6;
const CONTROL = 7;

const KIND = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  if (/[A-Za-z]/.test(character)) KIND[code] = LETTER;
  else if (/[0-9]/.test(character)) KIND[code] = DIGIT;
  else if (/[ .()/\t]/.test(character)) KIND[code] = SEPARATOR;
  else if (/[-_+]/.test(character)) KIND[code] = JOINER;
  else if (character === '@') KIND[code] = AT;
  else if (character === '%') KIND[code] = PERCENT;
  else if (code < 32 && code !== 10 && code !== 13) KIND[code] = CONTROL;
  else KIND[code] = OTHER;
}

/**
 * One pass over the characters of a text that says what it may hold: 0, for nearly every text of a shop, means nothing.
 * No regex here: running the cheapest one over every field costs more than all the rest of the scrubber.
 */
export function look(text: string): number {
  let may = 0;
  let digits = 0;
  let word = 0;
  let wordHasDigit = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const kind = code < 128 ? KIND[code]! : OTHER;
    if (kind === LETTER) {
      word++;
      if (digits > 0 && !isCorsica(text, at, code)) digits = 0;
      if (code === 74 && text.charCodeAt(at - 1) === 121 && text.charCodeAt(at - 2) === 101) may |= MAY.jwt;
    } else if (kind === DIGIT) {
      word++;
      wordHasDigit = true;
      digits++;
      if (digits === 9) may |= MAY.digits;
      else if (digits === 2 && beginsIban(text, at)) may |= MAY.iban;
    } else if (kind === JOINER) {
      word++;
    } else {
      if (word >= 32 && wordHasDigit) may |= MAY.token;
      word = 0;
      wordHasDigit = false;
      if (kind === OTHER) {
        if (code < 128) digits = 0;
        else if (isHalfPair(text, at, code)) may |= MAY.repair;
        else if (code >= 0xd800 && code <= 0xdbff) at++;
        else if (!isSpace(code)) digits = 0;
      } else if (kind === AT) may |= MAY.email;
      else if (kind === PERCENT)
        may |= isHex(text.charCodeAt(at + 1)) && isHex(text.charCodeAt(at + 2)) ? MAY.escape : 0;
      else if (kind === CONTROL) may |= MAY.repair;
    }
  }
  return word >= 32 && wordHasDigit ? may | MAY.token : may;
}

/** The departments 2A and 2B stand inside the digits of a NIR. */
const isCorsica = (text: string, at: number, code: number): boolean =>
  (code === 65 || code === 66 || code === 97 || code === 98) && text.charCodeAt(at - 1) === 50;

/** Whether the second digit of a text's run stands behind two letters that begin a word. */
const beginsIban = (text: string, at: number): boolean =>
  at >= 3 &&
  KIND[text.charCodeAt(at - 1)] === DIGIT &&
  KIND[text.charCodeAt(at - 2)] === LETTER &&
  KIND[text.charCodeAt(at - 3)] === LETTER &&
  !(at > 3 && KIND[text.charCodeAt(at - 4)] === LETTER);

/** No-break, thin and figure spaces, and dashes, as typography puts them between digits. */
const isSpace = (code: number): boolean =>
  code === 0xa0 || (code >= 0x2000 && code <= 0x200b) || (code >= 0x2010 && code <= 0x2015) || code === 0x202f;

const isHalfPair = (text: string, at: number, code: number): boolean => {
  if (code < 0xd800 || code > 0xdfff) return false;
  if (code >= 0xdc00) return true;
  const next = text.charCodeAt(at + 1);
  return !(next >= 0xdc00 && next <= 0xdfff);
};

const isHex = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102);
