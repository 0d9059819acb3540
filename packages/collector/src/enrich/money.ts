/** Currencies whose minor unit is not a hundredth. Source: ISO 4217, list one, column "minor unit". */
const DIGITS: ReadonlyMap<string, number> = new Map([
  ...split('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF', 0),
  ...split('BHD IQD JOD KWD LYD OMR TND', 3),
  ...split('CLF UYW', 4),
]);

/**
 * An amount as GA4 sends it (units, any number of decimals) in the integer minor units of its currency: 12.99 EUR is 1299.
 *
 * Rounds half away from zero on the shortest decimal text of the number, which is what the shop wrote, not on its
 * binary value: 1.005 EUR is 101 and -1.005 EUR is -101, although the double nearest to 1.005 lies below it.
 * Undefined where the amount is not finite, where the result is not a safe integer, and where the code is not three
 * capital letters. A code that ISO 4217 does not know counts as a currency of hundredths.
 */
export function amountMinor(value: number, currency: string): number | undefined {
  if (!Number.isFinite(value) || !isCode(currency)) return undefined;
  const digits = DIGITS.get(currency) ?? 2;
  const text = String(Math.abs(value));
  // Exponents begin at 1e21, which no currency holds safely, and below 1e-6, which none can show.
  if (text.includes('e')) return Math.abs(value) < 1 ? 0 : undefined;
  const point = text.indexOf('.');
  const units = point < 0 ? text : text.slice(0, point);
  const decimals = point < 0 ? '' : text.slice(point + 1);
  const kept = Number(units + decimals.slice(0, digits).padEnd(digits, '0'));
  const minor = kept + ((decimals[digits] ?? '0') >= '5' ? 1 : 0);
  if (!Number.isSafeInteger(minor)) return undefined;
  return value < 0 && minor > 0 ? -minor : minor;
}

const isCode = (currency: string): boolean => /^[A-Z]{3}$/.test(currency);

function split(codes: string, digits: number): [string, number][] {
  return codes.split(' ').map((code) => [code, digits]);
}
