import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startDaily } from './daily.ts';

const TEN = Date.parse('2026-11-22T10:00:00.000Z');
beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const HOUR = 3_600_000;

/** Runs for some hours over what was done before; tells when it ran. */
async function ran({ last, hours, fails = 0 }: { last?: string; hours: number; fails?: number }): Promise<string[]> {
  vi.setSystemTime(TEN);
  let lastAt = last === undefined ? undefined : Date.parse(last);
  const times: string[] = [];
  const stop = startDaily({
    lastAt: async () => lastAt,
    async run() {
      times.push(new Date().toISOString().slice(5, 16));
      if (times.length <= fails) throw new Error('disk');
      lastAt = Date.now();
    },
  });
  await vi.advanceTimersByTimeAsync(hours * HOUR);
  await stop();
  await vi.advanceTimersByTimeAsync(48 * HOUR);
  return times;
}

it('runs at once where it never ran, then at each midnight, UTC', async () => {
  expect(await ran({ hours: 40 })).toEqual(['11-22T10:00', '11-23T00:00', '11-24T00:00']);
});

it('a restart repeats no day, and loses none', async () => {
  expect(await ran({ last: '2026-11-22T00:05:00.000Z', hours: 10 })).toEqual([]);
  expect(await ran({ last: '2026-11-21T23:59:00.000Z', hours: 10 })).toEqual(['11-22T10:00']);
});

it('one that failed is tried again in an hour', async () => {
  expect(await ran({ last: '2026-11-20T00:05:00.000Z', hours: 5, fails: 2 })).toEqual([
    '11-22T10:00',
    '11-22T11:00',
    '11-22T12:00',
  ]);
});
