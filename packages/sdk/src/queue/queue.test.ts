import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDrops } from '../drops.ts';
import { createIds } from '../event_id.ts';
import { createIdentity } from '../identity.ts';
import type { Scope } from '../scope.ts';
import { createDisks } from '../testing/disk.ts';
import { createPage } from '../testing/page.ts';
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

/** All may be kept. */
const admit = (text: string): string => text;
const isLast = (): boolean => true;
/** As each page of a site has it. */
const newIdentity = () => createIdentity('pc_q', createIds(), createPage().scope());

/** What a queue of a page works with, beside its disk. */
const partsOf = (more: Partial<Parameters<typeof createQueue>[1]> = {}) => ({
  drops: createDrops(),
  admit,
  isLast,
  identity: newIdentity(),
  newId: createIds(),
  signal: new AbortController().signal,
  ...more,
});

function setUp(disks = createDisks()) {
  const drops = createDrops();
  const life = new AbortController();
  const open = () => createQueue(disks.open('q'), partsOf({ drops, signal: life.signal }));
  return { disks, drops, life, open, queue: open(), stored: () => numbers(disks.items('q')) };
}

beforeEach(() => {
  localStorage.clear();
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
    expect(numbers(queue.take(9, 225))).toEqual([2, 3]);
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

  it('keeps what was written with an event of which less may be kept now', async () => {
    const { disks, drops } = setUp();
    const identity = newIdentity();
    let admit = (text: string): string => text;
    const signal = new AbortController().signal;
    const queue = createQueue(disks.open('q'), {
      drops,
      admit: (text) => admit(text),
      isLast,
      identity,
      newId: createIds(),
      signal,
    });
    queue.add(range(0, 3).map((one, number) => ({ ...one, text: `{"n":${number}}` })));
    await written();
    admit = (text) => (text === '{"n":0}' ? '{}' : text);
    queue.regate();
    await written();
    const texts = (items: Iterable<Item>): string[] => [...items].map(({ text }) => text).sort();
    expect(texts(disks.items('q'))).toEqual(['{"n":1}', '{"n":2}', '{}']);
    await queue.sync();
    expect(texts(queue.items())).toEqual(['{"n":1}', '{"n":2}', '{}']);
  });

  it('sends with less what was cut while it was under way, where the request fails', async () => {
    const queue = createQueue(createDisks().open('q'), partsOf({ admit: () => '{"less":1}' }));
    queue.add(range(0, 1));
    await written();
    const taken = queue.take(1, 10_000);
    queue.regate();
    await queue.release(taken, []);
    await written();
    expect(queue.take(1, 10_000).map(({ text }) => text)).toEqual(['{"less":1}']);
  });

  it('has released what is done when the disk has forgotten it', async () => {
    const disk = createDisks().open('q');
    let hasForgotten = false;
    const forget = async (): Promise<void> => {
      await written();
      hasForgotten = true;
    };
    const queue = createQueue({ ...disk, forget }, partsOf());
    queue.add(range(0, 1));
    await written();
    const taken = queue.take(1, 10_000);
    await queue.release(taken, taken);
    expect(hasForgotten).toBe(true);
  });

  it('begins one write a burst, before the task ends', async () => {
    const disks = createDisks();
    const disk = disks.open('q');
    const keep = vi.fn(disk.keep);
    const queue = createQueue({ ...disk, keep }, partsOf());
    queue.add(range(0, 2));
    queue.add(range(2, 5));
    await null;
    expect(keep).toHaveBeenCalledTimes(1);
    expect(numbers(keep.mock.calls[0]?.[0] ?? [])).toEqual([0, 1, 2, 3, 4]);
  });

  it('takes in what another page left, older first, and tells its own apart', async () => {
    const { disks, queue } = setUp();
    await disks.open('q').keep(range(0, 2));
    queue.add([item(7)]);
    await queue.sync();
    expect(numbers(queue.take(9, 10_000, true))).toEqual([7]);
    expect(numbers(queue.take(9, 10_000))).toEqual([0, 1]);
  });

  it('tells its own apart also where it was captured while the disk was read', async () => {
    const { disks, queue } = setUp();
    disks.stall();
    const reading = queue.sync();
    queue.add(range(0, 1));
    await reading;
    expect(numbers(queue.take(9, 10_000, true))).toEqual([0]);
  });

  it('has a say on what another page left only while its own choice is the last', async () => {
    const { disks } = setUp();
    await disks.open('q').keep(range(0, 2));
    const { signal } = new AbortController();
    const sees = async (isLast: boolean): Promise<readonly number[]> => {
      const parts = partsOf({ admit: () => '', isLast: () => isLast, signal });
      const queue = createQueue(disks.open('q'), parts);
      await queue.sync();
      return numbers(queue.take(9, 10_000));
    };
    expect(await sees(false)).toEqual([0, 1]);
    expect(await sees(true)).toEqual([]);
  });

  it('lets go of what another page left, not of its own, where less may be kept, until it is read anew', async () => {
    const { disks, queue } = setUp();
    createQueue(disks.open('q'), partsOf()).add(range(0, 2));
    await written();
    await queue.sync();
    queue.add(range(5, 6));
    queue.regate();
    expect(numbers([...queue.items()])).toEqual([5]);
    expect(numbers(disks.items('q'))).toEqual([0, 1]);
    await queue.sync();
    expect(numbers([...queue.items()])).toEqual([0, 1, 5]);
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

  it.each([
    ['kept', false],
    ['on its way, in vain', true],
  ])('sends of what another page has cut, while here it was %s, no more than is left', async (_, isSending) => {
    const { disks, queue } = setUp();
    const parts = partsOf();
    const writer = createQueue(disks.open('q'), { ...parts, admit: () => '{"less":1}' });
    writer.add([item(0)]);
    await written();
    await queue.sync();
    const taken = isSending ? queue.take(9, 10_000) : [];
    writer.regate();
    await written();
    await queue.release(taken, []);
    await queue.sync();
    expect(queue.take(9, 10_000).map(({ text }) => text)).toEqual(['{"less":1}']);
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

  it('goes on in memory alone beside a disk that never answers', async () => {
    const never = () => new Promise<never>(() => {});
    const silent = () => ({ keep: never, stored: never, forget: never });
    const queue = createQueue(silent(), partsOf());
    queue.add(range(0, 2));
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
    const read = vi.fn(disk.stored);
    const life = new AbortController();
    const queue = createQueue({ ...disk, stored: read }, partsOf({ signal: life.signal }));
    await queue.sync();
    expect(read).toHaveBeenCalledTimes(1);
    life.abort();
    await queue.sync();
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('writes of an event that was cut before its write no more than is left', async () => {
    const { disks } = setUp();
    const parts = partsOf();
    const queue = createQueue(disks.open('q'), { ...parts, admit: () => '{"less":1}' });
    queue.add([item(0)]);
    queue.regate();
    await written();
    expect(disks.items('q').map(({ text }) => text)).toEqual(['{"less":1}']);
  });

  it('writes a long burst in chunks of as many as a batch takes', async () => {
    const disks = createDisks();
    const disk = disks.open('q');
    const keep = vi.fn(disk.keep);
    const parts = partsOf();
    createQueue({ ...disk, keep }, parts).add(range(0, 250));
    await null;
    expect(keep.mock.calls.map(([chunk]) => chunk.length)).toEqual([100, 100, 50]);
    expect(numbers(disks.items('q'))).toEqual(numbers(range(0, 250)));
  });
});

describe('a page that goes', () => {
  const left = () => numbers(newIdentity().stored().left ?? []);

  it('leaves what the disk has not confirmed, for any other page, until it is answered', async () => {
    const { disks, queue, open } = setUp();
    queue.add(range(0, 2));
    await written();
    disks.stall();
    queue.add(range(2, 4));
    await written();
    expect(left()).toEqual([2, 3]);
    disks.resume();
    const other = open();
    for (let again = 0; again < 2; again++) {
      await other.sync();
      const taken = other.take(9, 10_000);
      expect(numbers(taken)).toEqual([0, 1, 2, 3]);
      await other.release(taken, taken.slice(0, 3 * again));
    }
    expect(left()).toEqual([3]);
    const last = other.take(9, 10_000);
    await other.release(last, last);
    expect(newIdentity().stored().left).toEqual([]);
    await other.sync();
    expect(other.take(9, 10_000)).toEqual([]);
  });

  it('leaves nothing that is on the disk', async () => {
    const { queue } = setUp();
    queue.add(range(0, 2));
    await written();
    expect(left()).toEqual([]);
  });

  it('leaves what the disk has refused too: to another page it may still open', async () => {
    const { disks, queue } = setUp();
    disks.fill();
    queue.add(range(0, 1));
    await written();
    const other = createQueue(createDisks().open('q'), partsOf());
    await other.sync();
    expect(numbers(other.take(9, 10_000))).toEqual([0]);
  });

  it('leaves it beside what others left, each once where the disk has it too', async () => {
    const { disks, queue, open } = setUp();
    const second = open();
    disks.stall();
    queue.add(range(0, 1));
    second.add(range(1, 2));
    await written();
    expect(left()).toEqual([0, 1]);
    disks.resume();
    await disks.open('q').keep([{ ...item(0), chunk: 'c' }]);
    const other = open();
    await other.sync();
    const taken = other.take(9, 10_000);
    expect(numbers(taken)).toEqual([0, 1]);
    await other.release(taken, taken);
    expect(left()).toEqual([]);
    expect(disks.items('q')).toEqual([]);
  });

  it('leaves nothing twice: repeats would take the room of others', async () => {
    const { disks, queue } = setUp();
    disks.stall();
    for (let n = 0; n < 3; n++) {
      queue.add(range(n, n + 1));
      await written();
    }
    await written();
    expect(left()).toEqual([0, 1, 2]);
  });

  it('leaves at most as much as a batch takes, the newest', async () => {
    const { disks, queue } = setUp();
    disks.stall();
    queue.add(range(0, 150));
    await written();
    expect(left()).toEqual(numbers(range(50, 150)));
  });

  it('writes the ids anew only for what was left there', async () => {
    const setItem = vi.fn((key: string, value: string) => localStorage.setItem(key, value));
    const scope = { localStorage: { getItem: (key: string) => localStorage.getItem(key), setItem } };
    const identity = createIdentity('pc_q', createIds(), scope as unknown as Scope);
    identity.current();
    setItem.mockClear();
    const queue = createQueue(createDisks().open('q'), partsOf({ identity }));
    // Three chunks: of the first nothing is left, of the others the last hundred.
    queue.add(range(0, 250));
    await written();
    expect(setItem).toHaveBeenCalledTimes(3);
    const taken = queue.take(250, 1e6);
    await queue.release(taken, taken);
    expect(setItem).toHaveBeenCalledTimes(3);
  });

  it('leaves nothing where the storage is full, and goes on', async () => {
    const { disks } = setUp();
    const full = {
      getItem: () => null,
      setItem() {
        throw new DOMException('full', 'QuotaExceededError');
      },
    } as unknown as Storage;
    const identity = createIdentity('pc_q', createIds(), createPage().scope({ localStorage: full }));
    const parts = partsOf({ identity });
    const queue = createQueue(disks.open('q'), parts);
    disks.stall();
    queue.add(range(0, 1));
    await written();
    expect(numbers(queue.take(9, 10_000))).toEqual([0]);
  });

  it('leaves no more of an event than may be kept by now, nor what is cut afterwards', async () => {
    const { disks } = setUp();
    let admit = (text: string): string => text;
    const parts = partsOf();
    const texts = () =>
      newIdentity()
        .stored()
        .left?.map(({ text }) => text);
    const queue = createQueue(disks.open('q'), { ...parts, admit: (text) => admit(text) });
    disks.stall();
    queue.add([item(0)]);
    await written();
    expect(texts()).toEqual(['{}']);
    admit = () => '{"less":1}';
    queue.regate();
    expect(texts()).toEqual([]);
    await written();
    expect(texts()).toEqual(['{"less":1}']);
    const other = createQueue(createDisks().open('q'), { ...parts, admit: () => '' });
    await other.sync();
    expect(texts()).toEqual([]);
    expect(other.take(9, 10_000)).toEqual([]);
  });
});
