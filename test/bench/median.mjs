/**
 * The middle of some numbers, the upper of two in the middle; with the least and the greatest.
 *
 * @param {readonly number[]} numbers at least one
 * @returns {{ median: number, min: number, max: number }}
 */
export function medianOf(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)], min: sorted[0], max: sorted[sorted.length - 1] };
}

/**
 * What several rounds gave, as the figures of one row: the median of each, and under `spread` the least and the greatest.
 *
 * @param {readonly Readonly<Record<string, number>>[]} rounds  each with the same figures
 * @returns {Record<string, number> & { spread: Record<string, [number, number]> }}
 */
export function medians(rounds) {
  const row = {};
  const spread = {};
  for (const figure of Object.keys(rounds[0])) {
    const { median, min, max } = medianOf(rounds.map((round) => round[figure]));
    row[figure] = rounded(median);
    spread[figure] = [rounded(min), rounded(max)];
  }
  return { ...row, spread };
}

/** Four digits are more than a machine that does other work besides can tell apart. */
const rounded = (number) => (Math.abs(number) >= 1_000 ? Math.round(number) : Number(number.toPrecision(4)));
