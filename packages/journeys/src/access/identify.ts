import type { Context, MiddlewareHandler } from 'hono';
import type { JourneysEnv } from '../env.ts';
import type { ConsoleSecrets, Holder } from './roles.ts';
import type { Sessions } from './session.ts';

/** Who a request comes from, and by what it says so. */
export type Asker =
  | { readonly by: 'bearer' | 'session'; readonly holder: Holder }
  /** `bearer`: a wrong secret. `session`: one that has run out, or whose secret was revoked. */
  | { readonly by: 'bearer' | 'session' | 'nothing'; readonly holder?: undefined };

/** Finds out who asks, for the routes' own declarations to judge. A bearer secret counts before a cookie. */
export function identify(secrets: ConsoleSecrets, sessions: Sessions): MiddlewareHandler<JourneysEnv> {
  const asker = async (context: Context): Promise<Asker> => {
    const authorization = context.req.header('authorization');
    // Another scheme is no word to us: a front with a password of its own sends `Basic` along.
    const [, secret] = /^bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
    if (secret !== undefined) return told('bearer', secrets.holderOf(secret));
    const session = await sessions.read(context);
    if (session === 'none') return { by: 'nothing' };
    return told('session', session === 'ended' ? undefined : secrets.holderWithId(session.secretId));
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

const told = (by: 'bearer' | 'session', holder: Holder | undefined): Asker => (holder ? { by, holder } : { by });
