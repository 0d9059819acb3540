import { AnalyticsBrowser } from '@segment/analytics-next';

const analytics = AnalyticsBrowser.load(
  { writeKey: 'bench', cdnURL: ENDPOINT },
  { integrations: { 'Segment.io': { apiHost: `${new URL(ENDPOINT).host}/v1`, protocol: 'http' } } },
);
analytics.page();
window.benchTrack = (props) => analytics.track('bench', props);
