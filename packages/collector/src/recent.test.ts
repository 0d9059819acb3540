import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRecentEvents, type RecentEvents } from './recent.ts';

const idOf = (n: number): string => `019aa1c0-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const A = idOf(1);

/** Lets what hangs on settled promises run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What a batch of its own would be told; it stores nothing. */
const look = (recent: RecentEvents, site: string, id: string) => {
  const batch = recent.batch(site);
  const seen = batch.take(id);
  if (seen === 'new') batch.giveBack();
  return seen;
};

const store = async (recent: RecentEvents, site: string, ids: readonly string[], done = Promise.resolve(true)) => {
  const batch = recent.batch(site);
  for (const id of ids) batch.take(id);
  batch.begin(done);
  await settled();
};

/** A request that waits for the disk until it is told how it ended. */
const openRequest = (recent: RecentEvents, site: string, id: string) => {
  let finish!: (stored: boolean) => void;
  void store(recent, site, [id], new Promise((resolve) => (finish = resolve)));
  return finish;
};

it('knows an id only once it is stored', async () => {
  const recent = createRecentEvents();
  const finish = openRequest(recent, 'shop', A);
  const waiting = look(recent, 'shop', A);
  expect(waiting).toBeInstanceOf(Promise);
  finish(true);
  expect(await waiting).toBe(true);
  expect(look(recent, 'shop', A)).toBe('known');
});

it('takes an id as new again when it could not be stored', async () => {
  const recent = createRecentEvents();
  const finish = openRequest(recent, 'shop', A);
  const waiting = look(recent, 'shop', A);
  finish(false);
  expect(await waiting).toBe(false);
  expect(look(recent, 'shop', A)).toBe('new');
});

it('knows the second of two in one batch', () => {
  const batch = createRecentEvents().batch('shop');
  expect([A, idOf(2), A.toUpperCase()].map((id) => batch.take(id))).toEqual(['new', 'new', 'known']);
});

it('takes as new what was given back, or taken by a batch that never began', () => {
  const recent = createRecentEvents();
  const batch = recent.batch('shop');
  batch.take(A);
  batch.giveBack();
  expect(batch.take(A)).toBe('new');
  expect(recent.batch('shop').take(A)).toBe('new');
});

it('forgets the oldest of a full row', async () => {
  const recent = createRecentEvents(1);
  for (let n = 0; n < 11; n++) await store(recent, 'shop', [idOf(n)]);
  for (let n = 3; n < 11; n++) expect(look(recent, 'shop', idOf(n))).toBe('known');
  for (let n = 0; n < 3; n++) expect(look(recent, 'shop', idOf(n))).toBe('new');
});

it('says nothing of what is in the place of an id that was pushed out while it was stored', async () => {
  const recent = createRecentEvents(1);
  const finish = openRequest(recent, 'shop', idOf(0));
  const later = Array.from({ length: 8 }, (_, n) => openRequest(recent, 'shop', idOf(n + 1)));
  finish(true);
  await settled();
  for (let n = 1; n <= 8; n++) expect(look(recent, 'shop', idOf(n))).toBeInstanceOf(Promise);
  for (const end of later) end(false);
  await settled();
  for (let n = 0; n <= 8; n++) expect(look(recent, 'shop', idOf(n))).toBe('new');
});

it('knows nearly all of the last 50,000', async () => {
  const recent = createRecentEvents();
  const ids = Array.from({ length: 50_000 }, (_, n) => idOf(n * 2));
  for (let from = 0; from < ids.length; from += 500) await store(recent, 'shop', ids.slice(from, from + 500));
  const batch = recent.batch('shop');
  expect(ids.filter((id) => batch.take(id) !== 'known').length).toBeLessThan(1_000);
  expect(ids.every((_, n) => look(recent, 'shop', idOf(n * 2 + 1)) === 'new')).toBe(true);
});

it('takes for known nothing but what was stored, to the last digit', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uuid(), fc.nat(35), fc.constantFrom(...'0123456789abcdef'), async (id, at, digit) => {
      const recent = createRecentEvents(1);
      await store(recent, 'shop', [id]);
      const near = id[at] === '-' ? id : id.slice(0, at) + digit + id.slice(at + 1);
      expect(look(recent, 'shop', near)).toBe(near === id ? 'known' : 'new');
    }),
  );
});

it.each([0, 1, 2, 3])('tells ids apart that share their place and differ in word %i alone', (word) => {
  const batch = createRecentEvents(1).batch('shop');
  const words = ['019aa1c0', '00007000', '80000000', '00000001'];
  const [random] = fc.sample(fc.array(fc.nat(0xffffffff), { minLength: 100_000, maxLength: 100_000 }), {
    numRuns: 1,
    seed: 7,
  });
  const ids = [...new Set(random)].map((number) => {
    const digits = words.with(word, number.toString(16).padStart(8, '0')).join('');
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  });
  expect(ids.filter((id) => batch.take(id) !== 'new')).toEqual([]);
});

it('takes the id of another site as new', async () => {
  const recent = createRecentEvents();
  await store(recent, 'shop', [A]);
  expect(look(recent, 'shop', A)).toBe('known');
  expect(look(recent, 'outlet', A)).toBe('new');
});
