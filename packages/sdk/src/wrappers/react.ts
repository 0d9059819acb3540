/**
 * React 18 and 19.
 *
 *     <ParcoursProvider options={{ endpoint, site: 'shop', key: 'pk_demo' }}><App /></ParcoursProvider>
 *
 *     const track = useTrack();
 *     <button onClick={() => track('add_to_cart', { items })}>
 */
import { createContext, createElement, type ReactNode, useContext, useEffect, useState } from 'react';
import type { TrackerOptions } from '../options.ts';
import type { Track, Tracker } from '../tracker_types.ts';
import { createDeferred } from './deferred.ts';

export interface ParcoursProviderProps {
  /** As for `createTracker`. Read once, when it is mounted; another `key` of the element makes another tracker. */
  readonly options: TrackerOptions;
  readonly children?: ReactNode;
}

const Context = createContext<Tracker | undefined>(undefined);

/**
 * Runs a tracker from its mount to its unmount, for all below it. The effects of children come before its own: what they
 * track waits for it, so that the page is counted first, under the title that they gave it.
 */
export function ParcoursProvider({ options, children }: ParcoursProviderProps): ReactNode {
  const [{ tracker, start }] = useState(createDeferred);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an object literal is another one at each render.
  useEffect(() => start(options), [start]);
  return createElement(Context.Provider, { value: tracker }, children);
}

/** The tracker of the provider above. On a server it does nothing. */
export function useTracker(): Tracker {
  const tracker = useContext(Context);
  if (!tracker) throw new Error('[parcours] useTracker needs a <ParcoursProvider> above it');
  return tracker;
}

/** Its `track`: the same function at each render. */
export const useTrack = (): Track => useTracker().track;
