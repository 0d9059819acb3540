import type { MiddlewareHandler } from 'hono';
import { csrf } from 'hono/csrf';
import { HTTPException } from 'hono/http-exception';
import { fault } from '../fault.ts';
import { bearerOf } from './identify.ts';

/**
 * Refuses what a page elsewhere makes a browser send (cross-site request forgery), by Fetch Metadata or Origin. A JSON
 * body needs a preflight from there, which nothing here answers.
 *
 * @param origin of the front that serves the console elsewhere, if there is one
 */
export function sameOrigin(origin: string | undefined): MiddlewareHandler {
  const check = csrf({ origin: (given, { req }) => given === new URL(req.url).origin || given === origin });
  return async (context, next) => {
    // No page elsewhere can add a bearer secret; a browser adds `Basic` of its own accord, which proves nothing.
    if (bearerOf(context) !== undefined) return next();
    try {
      await check(context, async () => {});
    } catch (error) {
      if (!(error instanceof HTTPException)) throw error;
      return context.json(fault('cross_site', 'this request comes from another site'), 403);
    }
    await next();
  };
}
