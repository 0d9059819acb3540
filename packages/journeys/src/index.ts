/** Tables become answers: the live view and the operator's queries, as a Hono app. */
export type { JourneysOptions } from './app.tsx';
export { createJourneys } from './app.tsx';
export type { LiveFeed } from './live/feed.ts';
export { createLiveFeed } from './live/feed.ts';
export { consoleOpenApi } from './openapi.ts';
export type { Funnel, FunnelOptions, FunnelStep } from './reports/index.ts';
export type { MetricsSource } from './routes/metrics.ts';
