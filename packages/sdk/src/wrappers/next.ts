/**
 * Next, App Router and Pages Router. In `app/layout.tsx`, which stays a server component, or in `pages/_app.tsx`:
 *
 *     <body><Parcours options={{ endpoint, site: 'shop', key: 'pk_demo' }}>{children}</Parcours></body>
 *
 * Options with functions (`observers`, `beforeSend`) cannot cross from a server component: put `<Parcours>` in a file of
 * your own that begins with 'use client', as this one does once built.
 */
export {
  ParcoursProvider as Parcours,
  type ParcoursProviderProps as ParcoursProps,
  useTrack,
  useTracker,
} from './react.ts';
