import type { IncomingMessage } from 'node:http';
import { described } from '@parcours/protocol/openapi';
import type { Context, Hono } from 'hono';

/** The reader's metrics, and who may read them without a secret. */
export interface MetricsSource {
  /** In Prometheus' text form. */
  text(): Promise<string>;
  /** Whether a request may read them, by its socket's address and its headers. */
  mayRead(address: string | undefined, header: (name: string) => string | undefined): boolean;
}

/** `/metrics` for the scraper beside the reader; anybody else is told that there is nothing here. */
export function metricsRoute(app: Hono, { text, mayRead }: MetricsSource): void {
  app.get(
    '/metrics',
    described(
      {
        id: 'getMetrics',
        tag: 'operation',
        summary: "The reader's accounts and timings, for Prometheus",
        description: 'For the machine itself and the addresses of `metricsFrom`, never through a proxy.',
        answers: {
          200: { description: "Prometheus' text form.", type: 'text/plain' },
          404: { description: 'Anybody else is told that there is nothing here.', type: 'text/plain' },
        },
      },
      async (context: Context) => {
        const env = context.env as { incoming?: IncomingMessage; remoteAddress?: string } | undefined;
        const address = env?.incoming?.socket?.remoteAddress ?? env?.remoteAddress;
        if (!mayRead(address, (name) => context.req.header(name))) return context.notFound();
        return context.text(await text(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
      },
    ),
  );
}
