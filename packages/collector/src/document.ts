import type { OpenApi } from '@parcours/protocol/openapi';
import { Hono } from 'hono';
import { collectorOpenApi } from './openapi.ts';
import { EVENTS } from './routes/events.ts';
import { mountRoutes, type Parts } from './routes/index.ts';

/** The document of a collector that runs elsewhere, with these paths of its own: its routes are mounted, and never asked. */
export function collectorDocument({
  scriptPath,
  endpointPath,
}: {
  readonly scriptPath?: string | undefined;
  readonly endpointPath?: string | undefined;
} = {}): OpenApi {
  const app = new Hono();
  mountRoutes(app, {
    ...({} as Parts),
    endpoints: [EVENTS, ...(endpointPath ? [endpointPath] : [])],
    scripts: [{ version: '1.0.0', file: 'p.js', bytes: new Uint8Array(), brotli: new Uint8Array() }],
    scriptPath,
  });
  return collectorOpenApi(app);
}
