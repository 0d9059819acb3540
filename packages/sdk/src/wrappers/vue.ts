/**
 * Vue 3.5 and later.
 *
 *     createApp(App).use(parcours, { endpoint, site: 'shop', key: 'pk_demo' }).mount('#app');
 *
 *     const { track } = useTracker();
 */
import { type App, hasInjectionContext, type InjectionKey, inject } from 'vue';
import type { TrackerOptions } from '../options.ts';
import type { Tracker } from '../tracker_types.ts';
import { createDeferred } from './deferred.ts';

const KEY: InjectionKey<Tracker> = Symbol('parcours');

/** The plugin: a tracker from now to the app's unmount, in its components `$parcours` or `useTracker()`. */
export const parcours = {
  install(app: App, options: TrackerOptions): void {
    const { tracker, start } = createDeferred();
    app.provide(KEY, tracker);
    app.config.globalProperties.$parcours = tracker;
    app.onUnmount(start(options));
  },
};

/** The app's tracker, inside `setup`, a store or a navigation guard. On a server it does nothing. */
export function useTracker(): Tracker {
  const tracker = hasInjectionContext() ? inject(KEY, undefined) : undefined;
  if (tracker) return tracker;
  // A plugin for the browser alone, as Nuxt's `.client.ts`: the server renders the same components without it.
  if (typeof document === 'undefined') return createDeferred().tracker;
  throw new Error('[parcours] useTracker needs app.use(parcours, options), and to be called in setup');
}

declare module 'vue' {
  interface ComponentCustomProperties {
    $parcours: Tracker;
  }
}
