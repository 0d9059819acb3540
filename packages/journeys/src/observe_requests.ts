import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';

/** What a request log may know. */
export interface RequestLine {
  /** Made here, and told in the answer's `x-request-id`; what a request brings along is not believed. */
  readonly requestId: string;
  readonly method: string;
  /** The route's pattern: what stands in its place may be anything. `unmatched` if there is none. */
  readonly route: string;
  readonly status: number;
  /** Until the answer begins: a live view goes on for hours. */
  readonly ms: number;
}

/** Told each answered request; the fault behind a 500 comes beside it, and its message may hold anything. */
export type OnRequest = (line: RequestLine, fault?: unknown) => void;

/** The first of all middleware: gives every request an id, and tells it once it is answered. */
export function observeRequests(onRequest: OnRequest): MiddlewareHandler {
  return async (context, next) => {
    const start = performance.now();
    const requestId = crypto.randomUUID();
    await next();
    context.res.headers.set('x-request-id', requestId);
    const { method } = context.req;
    const { status } = context.res;
    onRequest({ requestId, method, route: routeOf(context), status, ms: performance.now() - start }, context.error);
  };
}

/** Middleware matches too, by a pattern that ends in a star; no route of ours does. */
function routeOf(context: Context): string {
  const route = routePath(context, -1);
  return route.endsWith('*') ? 'unmatched' : route;
}
