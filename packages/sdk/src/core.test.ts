import type { Batch } from '@parcours/protocol';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createTracker, type PageNow } from './core.ts';
import { createCollector } from './testing/collector.ts';
import { pass } from './testing/page.ts';

let collector: ReturnType<typeof createCollector>;

beforeEach(() => {
  vi.useFakeTimers();
  collector = createCollector();
  vi.stubGlobal('fetch', collector.fetch);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** What is sent of one event on a page that is told like this. */
const sent = async (page: (() => PageNow) | undefined): Promise<Batch['events']> => {
  const tracker = createTracker({ endpoint: 'https://core.example/v1/events', site: 'core', key: 'k', page });
  tracker.consent({ audience: true });
  tracker.track('a');
  await pass(1_000);
  tracker.consent({});
  tracker.stop();
  await pass(1);
  return collector.events();
};

it('takes the page from what it is told', async () => {
  const [event] = await sent(() => ({ url: 'https://shop.example/boots' }));
  expect(event?.page).toEqual({ url: 'https://shop.example/boots' });
});

it.each([
  ['nobody tells of', undefined],
  [
    'the telling fails for',
    () => {
      throw new Error('gone');
    },
  ],
  ['nothing is told of', () => undefined as never],
])('loses no event for a page that %s', async (_name, page) => {
  const [event] = await sent(page);
  expect(event).toMatchObject({ type: 'a' });
  expect(event?.page).toBeUndefined();
});

it('starts where even looking for IndexedDB throws', async () => {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'indexedDB');
  Object.defineProperty(globalThis, 'indexedDB', {
    configurable: true,
    get() {
      throw new DOMException('blocked', 'SecurityError');
    },
  });
  try {
    expect(await sent(undefined)).toHaveLength(1);
  } finally {
    if (before) Object.defineProperty(globalThis, 'indexedDB', before);
    else Reflect.deleteProperty(globalThis, 'indexedDB');
  }
});
