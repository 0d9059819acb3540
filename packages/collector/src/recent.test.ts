import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRecentEvents } from './recent.ts';

const idOf = (n: number): string => `019aa1c0-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const A = idOf(1);

/** Lets what hangs on settled promises run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('knows an id only once it is stored', async () => {
  const recent = createRecentEvents();
  let finish!: (stored: boolean) => void;
  recent.begin('shop', [A], new Promise((resolve) => (finish = resolve)));
  const waiting = recent.look('shop', A);
  expect(waiting).toBeInstanceOf(Promise);
  finish(true);
  expect(await waiting).toBe(true);
  expect(recent.look('shop', A)).toBe('known');
});

it('takes an id as new again when it could not be stored', async () => {
  const recent = createRecentEvents();
  recent.begin('shop', [A], Promise.resolve(false));
  expect(await recent.look('shop', A)).toBe(false);
  expect(recent.look('shop', A)).toBe('new');
});

it('forgets the oldest of a full row', async () => {
  const recent = createRecentEvents(1);
  for (let n = 0; n < 11; n++) {
    recent.begin('shop', [idOf(n)], Promise.resolve(true));
    await settled();
  }
  const looks = Array.from({ length: 11 }, (_, n) => recent.look('shop', idOf(n)));
  expect(looks).toEqual([...Array(3).fill('new'), ...Array(8).fill('known')]);
});

it('knows the last 100,000', async () => {
  const recent = createRecentEvents();
  const ids = Array.from({ length: 100_000 }, (_, n) => idOf(n * 2));
  recent.begin('shop', ids, Promise.resolve(true));
  await settled();
  expect(ids.filter((id) => recent.look('shop', id) !== 'known').length).toBeLessThan(100);
  expect(ids.some((_, n) => recent.look('shop', idOf(n * 2 + 1)) !== 'new')).toBe(false);
});

it('takes for known nothing but what was stored, to the last digit', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uuid(), fc.nat(35), fc.constantFrom(...'0123456789abcdef'), async (id, at, digit) => {
      const recent = createRecentEvents(1);
      recent.begin('shop', [id], Promise.resolve(true));
      await settled();
      const near = id[at] === '-' ? id : id.slice(0, at) + digit + id.slice(at + 1);
      expect(recent.look('shop', near)).toBe(near === id ? 'known' : 'new');
    }),
  );
});

it('takes the id of another site as new', async () => {
  const recent = createRecentEvents();
  recent.begin('shop', [A], Promise.resolve(true));
  expect(recent.look('outlet', A)).toBe('new');
  await settled();
  expect(recent.look('shop', A)).toBe('known');
  expect(recent.look('outlet', A)).toBe('new');
});

it('keeps what one site stored when another could not store the same id', async () => {
  const recent = createRecentEvents();
  let fail!: (stored: boolean) => void;
  recent.begin('shop', [A], new Promise((resolve) => (fail = resolve)));
  recent.begin('outlet', [A], Promise.resolve(true));
  fail(false);
  await settled();
  expect(recent.look('outlet', A)).toBe('known');
  expect(recent.look('shop', A)).toBe('new');
});
