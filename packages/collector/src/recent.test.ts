import { expect, it } from 'vitest';
import { createRecentEvents } from './recent.ts';

it('knows an id only once it is stored', async () => {
  const recent = createRecentEvents();
  let finish!: (stored: boolean) => void;
  recent.begin(['a'], new Promise((resolve) => (finish = resolve)));
  const waiting = recent.look('a');
  expect(waiting).toBeInstanceOf(Promise);
  finish(true);
  expect(await waiting).toBe(true);
  expect(recent.look('a')).toBe('known');
});

it('takes an id as new again when it could not be stored', async () => {
  const recent = createRecentEvents();
  const failing = Promise.resolve(false);
  recent.begin(['a'], failing);
  expect(await recent.look('a')).toBe(false);
  expect(recent.look('a')).toBe('new');
});

it('forgets the oldest beyond two generations', async () => {
  const recent = createRecentEvents(2);
  for (const id of ['a', 'b', 'c', 'd', 'e']) {
    recent.begin([id], Promise.resolve(true));
    await recent.look(id);
  }
  expect(['a', 'b', 'c', 'd', 'e'].map((id) => recent.look(id))).toEqual(['new', 'new', 'known', 'known', 'known']);
});
