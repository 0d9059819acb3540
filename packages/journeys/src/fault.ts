import { QueryError } from '@parcours/store';
import type { Context } from 'hono';
import type { z } from 'zod';

/** An error as every route tells it. */
export const fault = (code: string, message: string) => ({ error: { code, message } });

/** A request's JSON body through its schema; the first fault is the answer, with the place it lies at. */
export async function readBody<T>(context: Context, schema: z.ZodType<T>): Promise<T | Response> {
  const parsed = schema.safeParse(await context.req.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return context.json(fault('bad_request', `${issue?.path.join('.') || 'body'}: ${issue?.message}`), 400);
}

/** Runs a query; what the engine refuses becomes an answer that says why. */
export async function answerQuery(context: Context, ask: () => Promise<object>): Promise<Response> {
  try {
    return context.json(await ask());
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return context.json(fault(error.code, error.message), 400);
  }
}
