import { MAY } from '../look.ts';
import { type Rule, SEPARATOR as S } from './rule.ts';
import { isInUuid } from './uuid.ts';

/** Sex, year, month (or the codes of unknown ones), department with 2A and 2B, commune, order, key. */
const CANDIDATE = new RegExp(
  `(?<!\\d|\\d[.,])[1-478]${S}?\\d{2}${S}?(?:0[1-9]|1[0-2]|[2-9]\\d)${S}?(?:\\d{2}|2[ABab])${S}?\\d{3}${S}?\\d{3}${S}{0,2}\\d{2}(?!\\d)`,
  'g',
);

/** French social security numbers with their key. Source: INSEE, NIR: key = 97 - (number mod 97), 2A counts as 19, 2B as 18. */
export const nir: Rule = {
  name: 'nir',
  needs: MAY.digits,
  replace: (text, hit) =>
    text.replace(CANDIDATE, (match, at: number) => {
      if (isInUuid(text, at, match)) return match;
      const code = match.replace(/[^\dABab]/g, '').toUpperCase();
      // Thirteen digits are a safe integer.
      const number = Number(code.slice(0, 13).replace('A', '0').replace('B', '0')) - corsican(code);
      if (97 - (number % 97) !== Number(code.slice(13))) return match;
      hit();
      return '[nir]';
    }),
};

/** With 0 for the letter, 2A is 20 and must be 19; 2B is 20 and must be 18: the department stands above six digits. */
function corsican(code: string): number {
  if (code[6] === 'A') return 1_000_000;
  return code[6] === 'B' ? 2_000_000 : 0;
}
