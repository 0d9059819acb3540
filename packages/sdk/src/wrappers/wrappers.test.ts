import { act, createElement, StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createApp, h } from 'vue';
import type { TrackerOptions } from '../options.ts';
import { POLICY } from '../testing/collector.ts';
import { createPage, pass } from '../testing/page.ts';
import type { Tracker } from '../tracker_types.ts';
import { parcours as astro } from './astro.ts';
import { createDeferred } from './deferred.ts';
import { ParcoursProvider, useTracker as useReact } from './react.ts';
import { useTracker as ofVue, parcours } from './vue.ts';

/** What the components of these tests were given. */
let tracker: Tracker | undefined;

function Shop() {
  const mine = useReact();
  tracker = mine;
  useEffect(() => {
    document.title = 'Tents';
    mine.consent({ audience: true });
  }, [mine]);
  return null;
}

const Lost = () => createElement('p', null, String(useReact()));

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);

let page: ReturnType<typeof createPage>;
let options: TrackerOptions;
/** What is stored in the end: type and title. */
const events = async (): Promise<string[]> => {
  await pass(2_000);
  return page.collector.events().map(({ type, page }) => `${type} ${page?.title ?? ''}`.trim());
};

beforeEach(() => {
  localStorage.clear();
  document.body.innerHTML = '<div id="app"></div>';
  vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
  page = createPage();
  document.title = 'Index';
  vi.stubGlobal('fetch', page.collector.fetch);
  options = { endpoint: `https://collect.example/${page.site}/v1/events`, site: page.site, key: 'pk', policy: POLICY };
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it('counts the page first, then what was called before it ran', async () => {
  const { tracker, start } = createDeferred();
  tracker.consent({ audience: true });
  tracker.track('view_item', { items: [{ item_id: 'a' }] });
  const lost: string[] = [];
  tracker.onDrop(({ code }) => lost.push(code));
  tracker.onDrop(({ code }) => lost.push(`unheard ${code}`))();
  expect(tracker.consent()).toBe('pending');
  const stop = start(options);
  expect(tracker.consent()).toBe('granted');
  expect(tracker.visitorId()).toMatch(/^[0-9a-f-]{36}$/);
  tracker.track('odd', { size: 1n });
  expect(lost).toEqual(['not_serialisable']);
  expect(await events()).toEqual(['page_view Index', 'view_item']);
  stop();
});

it('keeps no more than 50 calls that wait', async () => {
  const { tracker, start } = createDeferred();
  tracker.consent({ audience: true });
  for (let i = 0; i < 60; i++) tracker.track('early');
  const stop = start(options);
  expect(await events()).toHaveLength(1 + 49);
  stop();
});

it('says what is wrong with the options on the console, and does nothing', () => {
  const told = vi.spyOn(console, 'error').mockReturnValue();
  const { tracker, start } = createDeferred();
  start({ ...options, endpoint: '/v1/events' })();
  tracker.track('search', { search_term: 'tent' });
  expect(String(told.mock.calls[0]?.[0])).toContain('option "endpoint" must be an absolute URL');
});

it.each([
  ['plain', false],
  ['in StrictMode', true],
])(
  'React, %s: one view under the title of the first effects, and nothing after the unmount',
  async (_name, isStrict) => {
    const app = createElement(ParcoursProvider, { options }, createElement(Shop));
    const root = createRoot(document.querySelector('#app')!);
    await act(() => root.render(isStrict ? createElement(StrictMode, null, app) : app));
    expect(await events()).toEqual(['page_view Tents']);
    await act(() => root.render(isStrict ? createElement(StrictMode, null, app) : app));
    tracker?.track('search', { search_term: 'tent' });
    expect(await events()).toEqual(['page_view Tents', 'search']);
    await act(() => root.unmount());
    await pass(1);
    tracker?.track('late');
    history.pushState(null, '', '/late');
    expect(await events()).toHaveLength(2);
  },
);

it('React: says where the provider is missing', () => {
  vi.spyOn(console, 'error').mockReturnValue();
  const root = createRoot(document.querySelector('#app')!);
  expect(() => act(() => root.render(createElement(Lost)))).toThrow('<ParcoursProvider>');
});

it('Vue: one view, in components the tracker, and nothing after the unmount', async () => {
  const VueShop = {
    setup() {
      tracker = ofVue();
      tracker.consent({ audience: true });
      return () => h('p');
    },
  };
  const app = createApp(VueShop).use(parcours, options);
  app.mount('#app');
  tracker?.track('search', { search_term: 'tent' });
  expect(await events()).toEqual(['page_view Index', 'search']);
  expect(app.config.globalProperties.$parcours).toBe(tracker);
  app.unmount();
  await pass(1);
  tracker?.track('late');
  expect(await events()).toHaveLength(2);
});

it('Vue: says where the plugin is missing', () => {
  expect(() => ofVue()).toThrow('app.use(parcours, options)');
});

it('Astro: puts one script on every page', () => {
  const injectScript = vi.fn();
  astro(options).hooks['astro:config:setup']({ injectScript });
  expect(injectScript.mock.calls).toEqual([
    ['page', expect.stringContaining(`startParcours(${JSON.stringify(options)})`)],
  ]);
});
