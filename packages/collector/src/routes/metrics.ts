import type { Context, Hono } from 'hono';
import type { Metrics } from '../metrics.ts';
import type { MetricsGuard } from '../metrics_guard.ts';

/** `/metrics` for the scraper beside the collector; anybody else is told that there is nothing here. */
export function metricsRoute(
  app: Hono,
  metrics: Metrics,
  guard: {
    readonly mayRead: MetricsGuard;
    readonly addressOf: (context: Context) => string | undefined;
  },
): void {
  app.get('/metrics', async (context) => {
    if (!guard.mayRead(guard.addressOf(context), (name) => context.req.header(name))) return context.notFound();
    return context.text(await metrics.text(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  });
}
