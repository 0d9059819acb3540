import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDrops } from '../drops.ts';
import { createDisks } from '../testing/disk.ts';
import type { Item } from './item.ts';
import { createQueue, QUEUE_LIMITS } from './queue.ts';

const NOW = Date.parse('2026-11-22T10:00:00Z');

const item = (number: number, { bytes = 100, at = NOW }: { bytes?: number; at?: number } = {}): Item => ({
  id: `id-${String(number).padStart(6, '0')}`,
  at,
  text: '{}',
  stamp: 'stamp',
  bytes,
});
const range = (from: number, to: number): Item[] => Array.from({ length: to - from }, (_, index) => item(from + index));
const numbers = (items: readonly Item[]): number[] => items.map(({ id }) => Number(id.slice(3)));
const written = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

function setUp(disks = createDisks()) {
  const drops = createDrops();
  const life = new AbortController();
  const open = () => createQueue(disks.open('q'), drops, life.signal);
  return { disks, drops, life, open, queue: open(), stored: () => numbers(disks.items('q')) };
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('queue', () => {
  it('gives the oldest first, by count and bytes, and no item twice', () => {
    const { queue } = setUp();
    queue.add(range(0, 5));
    expect(numbers(queue.take(2, 10_000))).toEqual([0, 1]);
    expect(numbers(queue.take(9, 215))).toEqual([2, 3]);
    expect(numbers(queue.take(9, 10_000))).toEqual([4]);
    expect(queue.take(9, 10_000)).toEqual([]);
  });

  it('gives again what was released unsettled, and forgets what is done, on the disk too', async () => {
    const { queue, stored } = setUp();
    queue.add(range(0, 3));
    await written();
    expect(stored()).toEqual([0, 1, 2]);
    const taken = queue.take(9, 10_000);
    queue.release(taken, taken.slice(0, 1));
    expect(stored()).toEqual([1, 2]);
    expect(numbers(queue.take(9, 10_000))).toEqual([1, 2]);
  });

  it('begins one write a burst, before the task ends', async () => {
    const disks = createDisks();
    const disk = disks.open('q');
    const put = vi.fn(disk.put);
    const queue = createQueue({ ...disk, put }, createDrops(), new AbortController().signal);
    queue.add(range(0, 2));
    queue.add(range(2, 5));
    await null;
    expect(put).toHaveBeenCalledTimes(1);
    expect(numbers(put.mock.calls[0]?.[0] ?? [])).toEqual([0, 1, 2, 3, 4]);
  });

  it('takes in what another page left, older first, and tells its own apart', async () => {
    const { disks, queue } = setUp();
    await disks.open('q').put(range(0, 2));
    queue.add([item(7)]);
    await queue.sync();
    expect(numbers(queue.take(9, 10_000, true))).toEqual([7]);
    expect(numbers(queue.take(9, 10_000))).toEqual([0, 1]);
  });

  it('forgets what another page has settled', async () => {
    const { queue, open } = setUp();
    queue.add(range(0, 3));
    await written();
    const other = open();
    await other.sync();
    const sent = other.take(2, 10_000);
    other.release(sent, sent);
    await queue.sync();
    expect(numbers(queue.take(9, 10_000))).toEqual([2]);
  });

  it('does not take back what it settled while the disk was read', async () => {
    const { queue } = setUp();
    queue.add(range(0, 2));
    await written();
    const reading = queue.sync();
    const sent = queue.take(9, 10_000);
    queue.release(sent, sent);
    await reading;
    expect(queue.take(9, 10_000)).toEqual([]);
  });

  it('goes on in memory alone when the disk is full', async () => {
    const { disks, queue } = setUp();
    disks.fill();
    queue.add(range(0, 2));
    await written();
    await queue.sync();
    expect(numbers(queue.take(9, 10_000))).toEqual([0, 1]);
  });

  it('holds at most 5,000 events: the oldest go, counted, on the disk too', async () => {
    const { queue, drops, stored } = setUp();
    queue.add(range(0, QUEUE_LIMITS.events));
    await written();
    queue.add(range(QUEUE_LIMITS.events, QUEUE_LIMITS.events + 3));
    await written();
    expect(drops.take()).toEqual([{ code: 'queue_full', count: 3 }]);
    expect(numbers(queue.take(1, 10_000))).toEqual([3]);
    expect(stored()).toHaveLength(QUEUE_LIMITS.events);
  });

  it('holds at most 2 MB, and lets go of nothing that is being sent', async () => {
    const { queue, drops } = setUp();
    queue.add([item(0, { bytes: 1_000_000 })]);
    const [sending] = queue.take(1, 2_000_000);
    queue.add([item(1, { bytes: 1_000_000 }), item(2, { bytes: 1_000_000 })]);
    await written();
    expect(drops.take()).toEqual([{ code: 'queue_full', count: 1 }]);
    queue.release([sending!], []);
    expect(numbers(queue.take(9, 3_000_000))).toEqual([0, 2]);
  });

  it('lets go of what waited seven days', () => {
    const { queue, drops } = setUp();
    queue.add([item(0, { at: NOW - 7 * 86_400_000 - 1 }), item(1, { at: NOW - 7 * 86_400_000 })]);
    expect(numbers(queue.take(9, 10_000))).toEqual([1]);
    expect(drops.take()).toEqual([{ code: 'queue_expired', count: 1 }]);
  });

  it('writes nothing more once it is ended', async () => {
    const { queue, life, stored } = setUp();
    queue.add(range(0, 2));
    life.abort();
    await written();
    expect(stored()).toEqual([]);
  });

  it('does not even read once it is ended: that would make the database anew', async () => {
    const disk = createDisks().open('q');
    const all = vi.fn(disk.all);
    const life = new AbortController();
    const queue = createQueue({ ...disk, all }, createDrops(), life.signal);
    await queue.sync();
    expect(all).toHaveBeenCalledTimes(1);
    life.abort();
    await queue.sync();
    expect(all).toHaveBeenCalledTimes(1);
  });
});
