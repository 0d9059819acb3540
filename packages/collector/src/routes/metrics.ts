import { described } from '@parcours/protocol/openapi';
import type { Context, Hono } from 'hono';
import type { Metrics } from '../metrics.ts';
import type { MetricsGuard } from '../metrics_guard.ts';

/** `/metrics` for the scraper beside the collector; anybody else is told that there is nothing here. */
export function metricsRoute(
  app: Hono,
  metrics: Pick<Metrics, 'text'>,
  guard: {
    readonly mayRead: MetricsGuard;
    readonly addressOf: (context: Context) => string | undefined;
  },
): void {
  app.get(
    '/metrics',
    described(
      {
        id: 'getMetrics',
        tag: 'operation',
        summary: "The collector's accounts and timings, for Prometheus",
        description: 'For the machine itself and the addresses of `metricsFrom`, never through a proxy.',
        answers: { 200: { description: "Prometheus' text form.", type: 'text/plain' } },
        errors: ['not_found'],
      },
      async (context: Context) => {
        if (!guard.mayRead(guard.addressOf(context), (name) => context.req.header(name))) return context.notFound();
        return context.text(await metrics.text(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
      },
    ),
  );
}
