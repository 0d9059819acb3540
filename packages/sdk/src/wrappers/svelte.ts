/**
 * Svelte 5 and SvelteKit. In the root layout, or in the app's first component:
 *
 *     <script>
 *       const { consent } = initParcours({ endpoint, site: 'shop', key: 'pk_demo' });
 *     </script>
 *
 * and in those below it `const { track } = useTracker();`.
 */
import { getContext, onMount, setContext } from 'svelte';
import type { TrackerOptions } from '../options.ts';
import type { Tracker } from '../tracker_types.ts';
import { createDeferred } from './deferred.ts';

const KEY = Symbol('parcours');

/**
 * Runs a tracker from the component's mount to its end, for all below it. Children are mounted first: what they track
 * waits for it. On a server it does nothing.
 */
export function initParcours(options: TrackerOptions): Tracker {
  const { tracker, start } = createDeferred();
  onMount(() => start(options));
  return setContext(KEY, tracker);
}

/** The tracker of the component above, while this one is made. */
export function useTracker(): Tracker {
  const tracker = getContext<Tracker | undefined>(KEY);
  if (!tracker) throw new Error('[parcours] useTracker needs initParcours(options) in a component above it');
  return tracker;
}
