import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createHold } from './hold.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const holdEach = (count: number) => {
  const hold = createHold({ leastMs: 500, mostMs: 1_500, most: 10 });
  let told = 0;
  for (let n = 0; n < count; n++) void hold().then(() => told++);
  return { hold, told: () => told };
};

it('keeps refusals back for half a second to one and a half, not all alike', async () => {
  const { told } = holdEach(10);
  await vi.advanceTimersByTimeAsync(499);
  expect(told()).toBe(0);
  await vi.advanceTimersByTimeAsync(501);
  expect(told()).toBeGreaterThan(0);
  expect(told()).toBeLessThan(10);
  await vi.advanceTimersByTimeAsync(500);
  expect(told()).toBe(10);
});

it('keeps back no more than so many at a time', async () => {
  const { hold, told } = holdEach(30);
  await vi.advanceTimersByTimeAsync(1);
  expect(told()).toBe(20);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(told()).toBe(30);
  let isTold = false;
  void hold().then(() => {
    isTold = true;
  });
  await vi.advanceTimersByTimeAsync(499);
  expect(isTold).toBe(false);
});
