import { ScriptError } from '../../scripts/step.mjs';

/**
 * A flag that is a whole number from 1 on.
 *
 * @param {Readonly<Record<string, string | boolean>>} values
 * @param {string} name
 */
export function wholeNumber(values, name) {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < 1) throw new ScriptError(`--${name} must be a whole number from 1 on`);
  return number;
}

/** A flag that is a number above 0. */
export function someNumber(values, name) {
  const number = Number(values[name]);
  if (!(number > 0)) throw new ScriptError(`--${name} must be a number above 0`);
  return number;
}

/** A figure as people read it; nothing where there is none. */
export const told = (number) =>
  Number.isFinite(number)
    ? number.toLocaleString('en-GB', {
        maximumFractionDigits: Math.abs(number) < 10 ? 2 : Math.abs(number) < 100 ? 1 : 0,
      })
    : '';

/**
 * The median of a figure, and where it is a tenth or more apart the least and the greatest.
 *
 * @param {Record<string, any>} row as `medians()` makes it
 * @param {string} figure
 */
export function cell(row, figure) {
  const [least, greatest] = row.spread[figure];
  const isWide = greatest - least >= Math.abs(row[figure]) / 10;
  return isWide ? `${told(row[figure])} (${told(least)}–${told(greatest)})` : told(row[figure]);
}
