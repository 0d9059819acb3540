import { described, type Operation } from '@parcours/protocol/openapi';
import type { Context, MiddlewareHandler } from 'hono';
import type { H } from 'hono/types';
import type { Journeys, JourneysEnv } from '../env.ts';
import { fault } from '../fault.ts';
import { refusePage } from '../pages/refuse.tsx';
import type { Role } from './roles.ts';

/** Who may ask a route, and how a refusal looks: a page leads to the sign-in, an interface answers in JSON. */
export interface Access {
  readonly kind: 'page' | 'api' | 'open';
  readonly roles: readonly Role[];
}

/** What a route of the console says of itself: OpenAPI, and who may ask. The administrator always may. */
export type ConsoleOperation = Operation<string, Role> & { readonly roles: readonly Role[] };
export type OpenOperation = Operation<string, Role> & { readonly roles?: never };

type Middleware = MiddlewareHandler<JourneysEnv>;
export type ConsoleHandler = (context: Context<JourneysEnv>) => Response | Promise<Response>;
/** As Hono takes them: one at least. */
type RouteHandlers = [H<JourneysEnv>, ...H<JourneysEnv>[]];
type Handlers = readonly [...between: Middleware[], handler: ConsoleHandler];

const declared = new WeakMap<object, Access>();

/** The handlers of a route: who may ask, then its own with their description. `app.get('/live', ...page(LIVE, show))`. */
const declare = (access: Access, guard: Middleware, operation: Operation, handlers: Handlers): RouteHandlers => {
  // A function of its own for each route, to which the declaration belongs.
  const placed: Middleware = (context, next) => guard(context, next);
  declared.set(placed, access);
  const between = handlers.slice(0, -1) as Middleware[];
  return [placed, ...between, described(operation, handlers.at(-1) as ConsoleHandler)];
};

/** A page that only the roles of its description see; anybody else is led to the sign-in. */
export function page(operation: ConsoleOperation, ...handlers: Handlers): RouteHandlers {
  const roles = withAdmin(operation.roles);
  const guard: Middleware = async (context, next) => {
    const { holder, by } = context.get('asker');
    if (holder && roles.includes(holder.role)) return next();
    return refusePage(context, holder ? 'role' : by === 'session' ? 'ended' : 'unknown');
  };
  const answers = {
    302: {
      description: 'To the sign-in, where nobody is signed in.',
      headers: { location: { description: 'The sign-in.' } },
    },
    403: { description: 'A page that says that the role may not see it.', type: 'text/html' },
    ...operation.answers,
  };
  return declare({ kind: 'page', roles }, guard, { ...operation, roles, refused: [], answers }, handlers);
}

/** An interface that only the roles of its description ask; anybody else is told so in JSON. */
export function api(operation: ConsoleOperation, ...handlers: Handlers): RouteHandlers {
  const roles = withAdmin(operation.roles);
  const guard: Middleware = async (context, next) => {
    const { holder, by } = context.get('asker');
    if (!holder) {
      const reason = by === 'session' ? 'the session has ended' : 'the console secret is missing or wrong';
      return context.json(fault('unauthorised', reason), 401);
    }
    if (roles.includes(holder.role)) return next();
    return context.json(fault('role_not_allowed', `the role ${holder.role} may not ask this`), 403);
  };
  return declare({ kind: 'api', roles }, guard, { ...operation, roles }, handlers);
}

/** A route that tells nothing of anybody: everyone may ask it. */
export const open = (operation: OpenOperation, ...handlers: Handlers): RouteHandlers =>
  declare({ kind: 'open', roles: [] }, (_, next) => next(), operation, handlers);

const withAdmin = (roles: readonly Role[]): readonly Role[] => [...new Set<Role>(['admin', ...roles])];

/** A route with who may ask it. */
export interface DeclaredRoute extends Access {
  readonly method: string;
  readonly path: string;
}

/**
 * Every route of the console with its declaration.
 *
 * @throws where a route has none before its first handler: it would be open to everybody
 */
export function declaredRoutes(app: Journeys): readonly DeclaredRoute[] {
  const first = new Map<string, DeclaredRoute>();
  for (const { method, path, handler } of app.routes) {
    const name = `${method} ${path}`;
    // `app.use`: middleware, which answers nothing by itself.
    if (method === 'ALL' || first.has(name)) continue;
    const access = declared.get(handler);
    if (access === undefined) throw new Error(`${name} does not declare who may ask it (page, api or open)`);
    first.set(name, { method, path, ...access });
  }
  return [...first.values()];
}
