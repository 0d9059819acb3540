/**
 * How many of so many must come true, where each does with this probability, so that fewer come once in so many samples at most.
 * Of the binomial distribution itself: its tails are what matters here, and those of the normal one are others.
 */
export function leastOf(
  samples: number,
  { share, onceIn }: { readonly share: number; readonly onceIn: number },
): number {
  let exactly = (1 - share) ** samples;
  let fewer = 0;
  for (let count = 0; count < samples; count++) {
    fewer += exactly;
    // Fewer than one more than `count`.
    if (fewer > 1 / onceIn) return count;
    exactly *= ((samples - count) / (count + 1)) * (share / (1 - share));
  }
  return samples;
}
