import type { Engine } from '@parcours/store';
import type { Hono } from 'hono';
import { z } from 'zod';
import { answerQuery, readBody } from '../fault.ts';

const body = z.strictObject({
  sql: z.string().min(1).max(100_000),
  maxRows: z.int().min(1).max(1_000_000).default(10_000),
  timeoutMs: z.int().min(1).max(600_000).default(30_000),
});

/** `POST /v1/query`: one SELECT of an operator. The engine guards what it may touch. */
export function queryRoute(app: Hono, engine: Engine): void {
  app.post('/v1/query', async (context) => {
    const asked = await readBody(context, body);
    if (asked instanceof Response) return asked;
    const { sql, ...limits } = asked;
    return answerQuery(context, () => engine.query(sql, limits));
  });
}
