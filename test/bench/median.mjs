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
