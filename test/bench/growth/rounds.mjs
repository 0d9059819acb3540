/**
 * Measures one thing at several counts, in turns: each round begins with another, so that none is always the first.
 *
 * @param {number} rounds
 * @param {readonly number[]} counts  the least first
 * @param {(count: number) => Promise<number>} measure
 * @returns {Promise<readonly ReadonlyMap<number, number>[]>} by count, in the order of `counts`
 */
export async function inTurns(rounds, counts, measure) {
  const all = [];
  for (let round = 0; round < rounds; round++) {
    const found = new Map(counts.map((count) => [count, Number.NaN]));
    for (let n = 0; n < counts.length; n++) {
      const count = counts[(n + round) % counts.length];
      found.set(count, await measure(count));
    }
    process.stderr.write(`  ${[...found].map(([count, us]) => `${count}: ${us.toFixed(1)} µs`).join('  ')}\n`);
    all.push(found);
  }
  return all;
}
