import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { fault } from './fault.ts';

/** Lets through only whoever sends the admin secret as a bearer token. */
export function requireAdmin(adminSecret: string): MiddlewareHandler {
  const expected = digest(`Bearer ${adminSecret}`);
  return async (context, next) => {
    // Compared as digests: equal length whatever was sent, so the time taken tells nothing.
    if (!timingSafeEqual(digest(context.req.header('authorization') ?? ''), expected)) {
      return context.json(fault('unauthorised', 'the admin secret is missing or wrong'), 401);
    }
    await next();
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
