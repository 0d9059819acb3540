/**
 * Nuxt 3 and 4, as `plugins/parcours.ts`:
 *
 *     export default defineNuxtPlugin(parcours({ endpoint, site: 'shop', key: 'pk_demo' }));
 *
 * Then `useTracker()` in any component, imported from here.
 */
import type { App } from 'vue';
import type { TrackerOptions } from '../options.ts';
import { parcours as plugin } from './vue.ts';

export { useTracker } from './vue.ts';

/** A Nuxt plugin: on the server it does nothing, in the browser it runs before the app is mounted. */
export const parcours =
  (options: TrackerOptions) =>
  ({ vueApp }: { readonly vueApp: App }): void => {
    vueApp.use(plugin, options);
  };
