import type { Context, MiddlewareHandler } from 'hono';
import type { JourneysEnv } from '../env.ts';
import type { ConsoleSecrets, Holder } from './roles.ts';
import type { Sessions } from './session.ts';

/** Who a request comes from, and by what it says so. */
export type Asker =
  | { readonly by: 'bearer'; readonly holder: Holder; readonly endsAt?: undefined }
  /** `endsAt`: of the session, ms since the epoch. */
  | { readonly by: 'session'; readonly holder: Holder; readonly endsAt: number }
  /** `bearer`: a wrong secret. `session`: one that has run out, or whose secret was revoked. */
  | { readonly by: 'bearer' | 'session' | 'nothing'; readonly holder?: undefined };

/** Finds out who asks, for the routes' own declarations to judge. A bearer secret counts before a cookie. */
export function identify(secrets: ConsoleSecrets, sessions: Sessions): MiddlewareHandler<JourneysEnv> {
  const asker = async (context: Context): Promise<Asker> => {
    const secret = bearerOf(context);
    if (secret !== undefined) {
      const holder = secrets.holderOf(secret);
      return holder ? { by: 'bearer', holder } : { by: 'bearer' };
    }
    const session = await sessions.read(context);
    if (session === 'none') return { by: 'nothing' };
    const holder = session === 'ended' ? undefined : secrets.holderWithId(session.secretId);
    return session !== 'ended' && holder ? { by: 'session', holder, endsAt: session.endsAt } : { by: 'session' };
  };
  return async (context, next) => {
    const first = await asker(context);
    context.set('asker', first);
    context.set('isStillAllowed', async () => {
      const { holder } = await asker(context);
      return holder !== undefined && holder.id === first.holder?.id && holder.role === first.holder.role;
    });
    await next();
  };
}

/** The bearer secret of a request. Another scheme is no word to us: a front with a password of its own sends `Basic` along. */
export const bearerOf = (context: Context): string | undefined =>
  /^bearer +(\S+) *$/i.exec(context.req.header('authorization') ?? '')?.[1];
