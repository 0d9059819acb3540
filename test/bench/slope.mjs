/**
 * How steeply something grows that goes up and down, as memory does between two collections of garbage: the straight line
 * nearest to the least value of each of some stretches of time.
 *
 * @param {readonly { ms: number, value: number }[]} samples  in order of time, two stretches of them at least
 * @param {number} [stretches]
 * @returns {number} growth a minute
 */
export function growthPerMinute(samples, stretches = 30) {
  const size = Math.max(1, Math.ceil(samples.length / stretches));
  const least = [];
  for (let from = 0; from + size <= samples.length; from += size) {
    const stretch = samples.slice(from, from + size);
    least.push(stretch.reduce((low, sample) => (sample.value < low.value ? sample : low)));
  }
  const mean = (of) => least.reduce((sum, sample) => sum + of(sample), 0) / least.length;
  const ms = mean((sample) => sample.ms);
  const value = mean((sample) => sample.value);
  const along = mean((sample) => (sample.ms - ms) * (sample.value - value));
  const spread = mean((sample) => (sample.ms - ms) ** 2);
  return spread === 0 ? 0 : (along / spread) * 60_000;
}
