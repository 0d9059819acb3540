/**
 * Astro 4 and later, with and without `<ClientRouter />`. In `astro.config.mjs`:
 *
 *     integrations: [parcours({ endpoint, site: 'shop', key: 'pk_demo' })]
 *
 * and in the script of a page or component:
 *
 *     import { tracker } from '@parcours/sdk/astro';
 *     tracker.track('add_to_cart', { items });
 */
import type { TrackerOptions } from '../options.ts';
import { createDeferred } from './deferred.ts';

const { tracker, start } = createDeferred();

/** The page's tracker. What is called before it runs waits for it. */
export { tracker };

/**
 * Runs it, in place of the integration, where options are functions (`observers`, `beforeSend`): once, in a script of
 * the layout. Gives the stop.
 */
export const startParcours = start;

/** What the integration needs of Astro's own type, which a page without it does not have. */
interface Integration {
  name: string;
  hooks: {
    'astro:config:setup': (setup: { injectScript: (stage: 'page', code: string) => void }) => void;
  };
}

/** The integration: a tracker on every page. Options go into the pages as JSON. */
export const parcours = (
  options: Omit<TrackerOptions, 'consent' | 'observers' | 'beforeSend' | 'onDrop'>,
): Integration => ({
  name: '@parcours/sdk',
  hooks: {
    'astro:config:setup': ({ injectScript }) =>
      injectScript(
        'page',
        `import { startParcours } from '@parcours/sdk/astro'; startParcours(${JSON.stringify(options)});`,
      ),
  },
});
