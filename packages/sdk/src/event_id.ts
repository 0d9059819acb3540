import type { Scope } from './scope.ts';

/** Gives a new id at each call. */
export type NewId = () => string;

/**
 * UUIDs of version 7 that sort in the order of their making, within a millisecond too and over a clock set back.
 * Source: RFC 9562, 5.7 and 6.2 (method 1: the 12 bits beside the time are a counter with a random start).
 */
export function createIds({ Date, crypto }: Pick<Scope, 'Date' | 'crypto'>): NewId {
  let time = 0;
  let counter = 0;
  return () => {
    const [low, middle, high] = crypto.getRandomValues(new Uint32Array(3)) as unknown as [number, number, number];
    const now = Date.now();
    if (now > time) {
      time = now;
      // Half of the range stays free to count in.
      counter = low >>> 21;
    } else if (++counter > 0xfff) {
      time++;
      counter = 0;
    }
    const digits =
      hex(time, 12) + hex(0x7000 + counter, 4) + hex(0x8000 + (low & 0x3fff), 4) + hex(middle, 8) + hex(high & 0xffff, 4);
    return digits.replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  };
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
