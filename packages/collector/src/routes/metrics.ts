import type { Context, Hono } from 'hono';
import type { Metrics } from '../metrics.ts';

/**
 * `/metrics` for the scraper beside the collector, and nobody else: an address outside the list, or any request that
 * came through a proxy, is told that there is nothing here.
 */
export function metricsRoute(
  app: Hono,
  metrics: Metrics,
  guard: {
    readonly mayRead: (address: string) => boolean;
    readonly addressOf: (context: Context) => string | undefined;
  },
): void {
  app.get('/metrics', async (context) => {
    const address = guard.addressOf(context);
    if (address === undefined || !guard.mayRead(address) || context.req.header('x-forwarded-for') !== undefined) {
      return context.notFound();
    }
    return context.text(await metrics.text(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  });
}
