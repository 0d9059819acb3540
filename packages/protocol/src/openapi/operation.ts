import type { z } from 'zod';

/** A value that a request carries beside its body, or an answer in its headers. */
export interface Value {
  readonly description: string;
  /** Default: any text. */
  readonly schema?: z.ZodType;
  /** Default: a path's value always, any other not. */
  readonly required?: boolean;
  readonly example?: unknown;
}

export interface AnswerDescription {
  readonly description: string;
  /** Content type. Default `application/json` where there is a schema or an example, else the answer has no body. */
  readonly type?: string;
  /** Of the body; left out for what is no JSON. */
  readonly schema?: z.ZodType;
  readonly headers?: Readonly<Record<string, Value>>;
  readonly examples?: Readonly<Record<string, unknown>>;
}

/**
 * What a route says of itself, beside its handler. `Code` are the error codes of its app, each with its status
 * (`REQUEST`, `CONSOLE`), `Role` who may ask.
 */
export interface Operation<Code extends string = string, Role extends string = string> {
  /** Unique in its app, a verb first: `sendEvents`. */
  readonly id: string;
  /** One of the app's tags. */
  readonly tag: string;
  /** One line, without a full stop. */
  readonly summary: string;
  readonly description?: string;
  /** Where several routes are one to the reader: the path that stands for them all, such as `/v/{version}/{script}`. */
  readonly path?: string;
  /** Names of the app's security schemes, of which one suffices; `none` stands for nobody asked. Default by `roles`, else none. */
  readonly security?: readonly string[];
  /** Who may ask; an app that knows roles answers anybody else with its own errors. Left out: everybody. */
  readonly roles?: readonly Role[];
  /** Codes of the answers to everybody else. Default: the app's own for routes with roles. */
  readonly refused?: readonly Code[];
  readonly inPath?: Readonly<Record<string, Value>>;
  readonly inQuery?: Readonly<Record<string, Value>>;
  readonly inHeaders?: Readonly<Record<string, Value>>;
  readonly inCookies?: Readonly<Record<string, Value>>;
  readonly body?: {
    readonly description?: string;
    /** Default `application/json` alone. */
    readonly types?: readonly [string, ...string[]];
    readonly schema: z.ZodType;
    readonly examples?: Readonly<Record<string, unknown>>;
  };
  /** By status; errors are told by `errors`. */
  readonly answers: Readonly<Record<number, AnswerDescription>>;
  /** Codes that this route answers besides those that every route of its app may. */
  readonly errors?: readonly Code[];
}

const descriptions = new WeakMap<object, Operation>();
const fallbacks = new WeakSet<object>();

/**
 * A handler with its description: `app.get('/healthz', described({ id: 'getHealth', … }, handler))`. Nothing happens at a
 * request; the description is found again by the router's own list of routes.
 */
export function described<Handler extends (...args: never[]) => unknown>(
  operation: Operation,
  handler: Handler,
): Handler {
  // One function may serve several routes: the description belongs to the place. Its one argument tells it from a middleware.
  const placed = ((context: never) => handler(context)) as unknown as Handler;
  descriptions.set(placed, operation);
  return placed;
}

/** Marks the handler of every other method of a described path: it answers as the app's `elsewhere` says. */
export function fallback<Handler extends (...args: never[]) => unknown>(handler: Handler): Handler {
  fallbacks.add(handler);
  return handler;
}

/** The description of a route's handler, as `app.routes` or Hono's `matchedRoutes` tells it. */
export const operationOf = (handler: object): Operation | undefined => descriptions.get(innermost(handler));

export const isFallback = (handler: object): boolean => fallbacks.has(innermost(handler));

/** Hono wraps the handlers of a mounted app, and keeps the original under this name. */
function innermost(handler: object): object {
  const inner = (handler as { readonly __COMPOSED_HANDLER?: object }).__COMPOSED_HANDLER;
  return inner ? innermost(inner) : handler;
}
