import posthog from 'posthog-js';

// The page view is its own.
posthog.init('phc_bench', { api_host: ENDPOINT, defaults: '2025-05-24', disable_surveys: true });
window.benchTrack = (props) => posthog.capture('bench', props);
