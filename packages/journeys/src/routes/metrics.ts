import type { IncomingMessage } from 'node:http';
import { open } from '../access/allow.ts';
import type { Journeys } from '../env.ts';
import { fault } from '../fault.ts';

/** The reader's metrics, and who may read them without a secret. */
export interface MetricsSource {
  /** In Prometheus' text form. */
  text(): Promise<string>;
  /** Whether a request may read them, by its socket's address and its headers. */
  mayRead(address: string | undefined, header: (name: string) => string | undefined): boolean;
}

/** `/metrics` for the scraper beside the reader; anybody else is told that there is nothing here. */
export function metricsRoute(app: Journeys, { text, mayRead }: MetricsSource): void {
  app.get(
    '/metrics',
    ...open(
      {
        id: 'getMetrics',
        tag: 'operation',
        summary: "The reader's accounts and timings, for Prometheus",
        description: 'For the machine itself and the addresses of `metricsFrom`, never through a proxy.',
        answers: {
          200: { description: "Prometheus' text form.", type: 'text/plain' },
        },
        errors: ['not_found'],
      },
      async (context) => {
        const env = context.env as { incoming?: IncomingMessage; remoteAddress?: string } | undefined;
        const address = env?.incoming?.socket?.remoteAddress ?? env?.remoteAddress;
        if (!mayRead(address, (name) => context.req.header(name)))
          return context.json(fault('not_found', 'there is no such address'), 404);
        return context.text(await text(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
      },
    ),
  );
}
