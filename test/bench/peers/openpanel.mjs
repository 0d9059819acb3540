import { OpenPanel } from '@openpanel/web';

// As its installation guide has it. The page view is its own.
const panel = new OpenPanel({
  apiUrl: ENDPOINT,
  clientId: 'bench',
  trackScreenViews: true,
  trackOutgoingLinks: true,
  trackAttributes: true,
});
window.benchTrack = (props) => panel.track('bench', props);
