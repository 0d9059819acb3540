import { createHash, randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie';

/** A session lasts this long, whatever is done in it: the length of a working day. */
export const SESSION_MS = 12 * 3_600_000;

/** What a request's cookie says: whose session it is, or that it was one and has ended. */
export type SessionState = { readonly secretId: string; readonly endsAt: number } | 'ended' | 'none';

/** Sessions as signed cookies that name a console secret: they outlive a restart, and hold nothing secret. */
export interface Sessions {
  /** @param endsAt ms since the epoch, where it must not last as long as others */
  begin(context: Context, secretId: string, endsAt?: number): Promise<void>;
  read(context: Context): Promise<SessionState>;
  /** Ends it here and for every copy of the cookie, until a restart: then a copy counts again for the rest of its time. */
  end(context: Context): Promise<void>;
}

/**
 * @param key      signs the cookies; another key ends every session
 * @param isSecure whether the browser speaks https with whatever stands in front
 * @param now      ms since the epoch
 */
export function createSessions({
  key,
  isSecure,
  now,
}: {
  readonly key: string;
  readonly isSecure: (context: Context) => boolean;
  readonly now: () => number;
}): Sessions {
  // Cookies know no ports: two programs on one machine must not end each other's sessions.
  const name = `parcours_session_${createHash('sha256').update(key).digest('hex').slice(0, 8)}`;
  /** Sessions that were signed out of before they ran out, with the time when they would have. Gone after a restart. */
  const ended = new Map<string, number>();

  const parse = async (context: Context) => {
    const text = await getSignedCookie(context, key, name);
    if (text === undefined) return undefined;
    const match = text === false ? null : /^1\|(\d{1,15})\|([\w-]{16,})\|(.+)$/.exec(text);
    return match ? { expiresAt: Number(match[1]), id: match[2] as string, secretId: match[3] as string } : 'broken';
  };

  return {
    async begin(context, secretId, endsAt = now() + SESSION_MS) {
      const value = `1|${endsAt}|${randomBytes(12).toString('base64url')}|${secretId}`;
      await setSignedCookie(context, name, value, key, {
        path: '/',
        httpOnly: true,
        sameSite: 'Strict',
        secure: isSecure(context),
        maxAge: Math.max(0, Math.floor((endsAt - now()) / 1000)),
      });
    },
    async read(context) {
      const session = await parse(context);
      if (session === undefined) return 'none';
      if (session === 'broken' || session.expiresAt <= now() || ended.has(session.id)) return 'ended';
      return { secretId: session.secretId, endsAt: session.expiresAt };
    },
    async end(context) {
      const session = await parse(context);
      for (const [id, expiresAt] of ended) if (expiresAt <= now()) ended.delete(id);
      if (session !== undefined && session !== 'broken') ended.set(session.id, session.expiresAt);
      deleteCookie(context, name, { path: '/', secure: isSecure(context) });
    },
  };
}
