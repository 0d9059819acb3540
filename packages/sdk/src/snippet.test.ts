import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCollector } from './testing/collector.ts';
import { pass } from './testing/page.ts';
import type { Tracker } from './tracker_types.ts';

type Page = { parcours?: Tracker };
const page = window as unknown as Page;
let collector: ReturnType<typeof createCollector>;

/** Runs a script of the page as the browser does: anew, with its tag. */
async function load(script: './stub.ts' | './snippet.ts', data: Record<string, string> = {}, src = '') {
  const tag = Object.assign(document.createElement('script'), { type: 'inert', src });
  Object.assign(tag.dataset, data);
  Object.defineProperty(document, 'currentScript', { value: tag, configurable: true });
  vi.resetModules();
  await (script === './stub.ts' ? import('./stub.ts') : import('./snippet.ts'));
}
const site = { site: 'shop', key: 'pk_demo' };
const SRC = 'https://collect.example/assets/p.js?v=1';

/** Where the first batch went. */
const posted = () => vi.mocked(fetch).mock.calls.find(([, init]) => init?.method === 'POST')?.[0];

beforeEach(() => {
  localStorage.clear();
  history.replaceState({}, '', '/');
  collector = createCollector();
  vi.useFakeTimers();
  vi.stubGlobal('fetch', vi.fn(collector.fetch));
});
afterEach(async () => {
  page.parcours?.consent({});
  page.parcours?.stop();
  delete page.parcours;
  await pass(1);
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('script tag', () => {
  it('replays what the stub noted, in order, and goes on through functions taken from it', async () => {
    await load('./stub.ts');
    const { parcours } = page;
    const { track } = parcours!;
    parcours?.track('a');
    parcours?.consent({ audience: true });
    track('b');
    await load('./snippet.ts', site, SRC);
    expect(page.parcours).toBe(parcours);
    track('c');
    parcours?.track('d');
    await pass(1_000);
    expect(collector.events().map(({ type }) => type)).toEqual(['page_view', 'a', 'b', 'c', 'd']);
    expect(collector.seen[0]).toMatchObject(site);
    expect(posted()).toBe('https://collect.example/v1/events');
  });

  it('breaks nothing where the script is blocked', async () => {
    await load('./stub.ts');
    const { parcours } = page;
    parcours?.track('a');
    expect(() => parcours?.onDrop(() => {})()).not.toThrow();
    await expect(parcours?.flush()).resolves.toBeUndefined();
    expect(parcours?.visitorId()).toBeUndefined();
  });

  it('works without the stub, and takes its options from the tag', async () => {
    history.replaceState({}, '', '/?q=1&z=2');
    await load('./snippet.ts', { ...site, endpoint: 'https://other.example/e', queryKeys: 'q' }, SRC);
    page.parcours?.consent({ audience: true });
    await pass(1_000);
    expect(posted()).toBe('https://other.example/e');
    expect(collector.events()[0]?.page?.url).toBe(`${location.origin}/?q=1`);
  });

  it('takes an endpoint of its own, as a path beside the script too', async () => {
    await load('./snippet.ts', { ...site, endpoint: '/shop/in' }, SRC);
    page.parcours?.consent({ audience: true });
    await pass(1_000);
    expect(posted()).toBe('https://collect.example/shop/in');
  });

  it.each([[{ key: 'k' }], [{ site: 's' }]])('with %j alone says so once and does nothing', async (data) => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    await load('./stub.ts');
    page.parcours?.consent({ audience: true });
    await load('./snippet.ts', data as Record<string, string>, SRC);
    page.parcours?.track('a');
    await page.parcours?.flush();
    await pass(60_000);
    expect(error.mock.calls).toEqual([['[parcours] needs data-site and data-key']]);
    expect(collector.seen).toEqual([]);
    expect(localStorage).toHaveLength(0);
  });

  it.each([['oui'], ['default'], ['{}'], ['{"policy":1,"version":"1.0.0"}'], ['null'], ['[]']])(
    'with data-policy=%j says so once, grants nothing and makes no request',
    async (policy) => {
      const error = vi.spyOn(console, 'error').mockImplementation(() => {});
      await load('./snippet.ts', { ...site, policy }, SRC);
      page.parcours?.consent({ audience: true });
      page.parcours?.track('a');
      await pass(60_000);
      expect(page.parcours?.consent()).toBe('pending');
      expect(error.mock.calls).toEqual([['[parcours] the policy cannot be read: nothing is granted']]);
      expect(fetch).not.toHaveBeenCalled();
      expect(localStorage).toHaveLength(0);
    },
  );

  it('loaded twice counts once', async () => {
    await load('./snippet.ts', site, SRC);
    page.parcours?.consent({ audience: true });
    await load('./snippet.ts', site, SRC);
    await pass(1_000);
    expect(collector.events()).toHaveLength(1);
  });
});
