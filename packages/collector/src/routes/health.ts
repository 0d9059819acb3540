import type { Hono } from 'hono';
import { answerJson } from '../answer.ts';
import { toResponse } from '../to_response.ts';

/** `/healthz`: the process answers. `/readyz`: a record could be made durable now, and nothing is shutting down. */
export function healthRoutes(app: Hono, { ready }: { readonly ready: () => Promise<boolean> }): void {
  app.get('/healthz', () => toResponse(answerJson(200, '{"status":"ok"}')));
  app.get('/readyz', async () =>
    toResponse((await ready()) ? answerJson(200, '{"status":"ready"}') : answerJson(503, '{"status":"not ready"}')),
  );
}
