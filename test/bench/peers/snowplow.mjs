import { enableActivityTracking, newTracker, trackPageView, trackSelfDescribingEvent } from '@snowplow/browser-tracker';

newTracker('sp', ENDPOINT, { appId: 'shop' });
enableActivityTracking({ minimumVisitLength: 30, heartbeatDelay: 10 });
trackPageView();
window.benchTrack = (data) =>
  trackSelfDescribingEvent({ event: { schema: 'iglu:com.example/bench/jsonschema/1-0-0', data } });
