/** Numbers that look random, and are the same again for the same seed. */
export interface Random {
  /** From 0 to below 1. */
  (): number;
  /** A whole number from 0 to below this one. */
  below(end: number): number;
  /** A UUIDv7 of one fixed moment. */
  uuid(): string;
}

/** A seed to print, so that a run that failed can be had again: `TEST_SEED` gives it. */
export const testSeed = (): number => Number(process.env.TEST_SEED ?? Date.now() % 2 ** 31);

/** Source: mulberry32, public domain. */
export function createRandom(seed: number): Random {
  let state = seed;
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (end: number): number => Math.floor(random() * end);
  const hex = (digits: number): string =>
    below(16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  return Object.assign(random, {
    below,
    uuid: () => `019aa1c0-${hex(4)}-7${hex(3)}-8${hex(3)}-${hex(6)}${hex(6)}`,
  });
}
