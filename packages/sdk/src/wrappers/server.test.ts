// @vitest-environment node
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, it, vi } from 'vitest';
import { createSSRApp, h } from 'vue';
import { renderToString as renderVue } from 'vue/server-renderer';
import { createDeferred } from './deferred.ts';
import { parcours as nuxtParcours } from './nuxt.ts';
import { ParcoursProvider, useTrack } from './react.ts';
import { useTracker as ofVue, parcours } from './vue.ts';

// Wrong in all ways: on a server nobody even looks at them.
const options = { endpoint: 'nowhere' } as never;
const silence = { fetch: vi.fn(), error: vi.fn() };
vi.stubGlobal('fetch', silence.fetch);
vi.stubGlobal('console', { ...console, error: silence.error });

/** What a server must be spared: requests, and complaints of a tracker that began. */
function expectNothing(): void {
  expect(silence.fetch).not.toHaveBeenCalled();
  expect(silence.error).not.toHaveBeenCalled();
}

it('does nothing on a server, whatever is called', async () => {
  const { tracker, start } = createDeferred();
  const stop = start(options);
  tracker.track('search', { search_term: 'tent' });
  tracker.identify('c-1');
  const unlisten = tracker.onDrop(() => {});
  expect([tracker.consent({ audience: true }), tracker.visitorId()]).toEqual(['pending', undefined]);
  await tracker.flush();
  unlisten();
  tracker.stop();
  stop();
  expectNothing();
});

function Find() {
  const track = useTrack();
  track('search', { search_term: 'tent' });
  return createElement('p', null, 'Find');
}

it('renders React on a server as without it', () => {
  expect(renderToString(createElement(ParcoursProvider, { options }, createElement(Find)))).toBe('<p>Find</p>');
  expectNothing();
});

it.each([
  ['with the plugin', true],
  ['where the plugin is for the browser alone', false],
])('renders Vue on a server as without it, %s', async (_name, isUsed) => {
  const FindOfVue = {
    setup() {
      const { track } = ofVue();
      track('search', { search_term: 'tent' });
      return () => h('p', 'Find');
    },
  };
  const app = createSSRApp(FindOfVue);
  if (isUsed) app.use(parcours, options);
  expect(await renderVue(app)).toBe('<p>Find</p>');
  expectNothing();
});

it('is a plugin of Nuxt on the server', async () => {
  const app = createSSRApp({ render: () => h('p', typeof ofVue().track) });
  nuxtParcours(options)({ vueApp: app });
  expect(await renderVue(app)).toBe('<p>function</p>');
  expectNothing();
});
