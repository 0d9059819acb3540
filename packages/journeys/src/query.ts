import { createHash, timingSafeEqual } from 'node:crypto';
import { type Engine, QueryError } from '@parcours/store';
import type { Hono } from 'hono';
import { z } from 'zod';

const body = z.strictObject({
  sql: z.string().min(1).max(100_000),
  maxRows: z.int().min(1).max(1_000_000).optional(),
  timeoutMs: z.int().min(1).max(600_000).optional(),
});

const fault = (code: string, message: string) => ({ error: { code, message } });

/** `POST /v1/query`: one SELECT of an operator who holds the admin secret. The engine guards what it may touch. */
export function queryRoute(
  app: Hono,
  { engine, adminSecret }: { readonly engine: Engine; readonly adminSecret: string },
): void {
  const expected = digest(`Bearer ${adminSecret}`);
  app.post('/v1/query', async (context) => {
    // Compared as digests: equal length whatever was sent, so the time taken tells nothing.
    if (!timingSafeEqual(digest(context.req.header('authorization') ?? ''), expected)) {
      return context.json(fault('unauthorised', 'the admin secret is missing or wrong'), 401);
    }
    const parsed = body.safeParse(await context.req.json().catch(() => undefined));
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      return context.json(fault('bad_request', `${issue?.path.join('.') || 'body'}: ${issue?.message}`), 400);
    }
    const { sql, maxRows, timeoutMs } = parsed.data;
    try {
      return context.json(
        await engine.query(sql, {
          ...(maxRows !== undefined && { maxRows }),
          ...(timeoutMs !== undefined && { timeoutMs }),
        }),
      );
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      return context.json(fault(error.code, error.message), 400);
    }
  });
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
