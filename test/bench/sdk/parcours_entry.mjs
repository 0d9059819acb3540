import { createTracker, pageViews } from '@parcours/sdk';
import { clicks } from '@parcours/sdk/clicks';

// What `p.js` has, as a bundled page has it. The page view is its own; the policy comes along and need not be asked for.
const tracker = createTracker({
  endpoint: `${ENDPOINT}/v1/events`,
  site: 'shop',
  key: 'pk_demo',
  policy: POLICY,
  observers: [pageViews, clicks],
});
tracker.consent({ audience: true });
window.benchTrack = (props) => tracker.track('bench', props);
