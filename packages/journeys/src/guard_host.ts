import type { MiddlewareHandler } from 'hono';

export const OWN_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Answers only requests that name this machine. A page elsewhere can point its own host name at 127.0.0.1 and read
 * whatever a loopback server tells (DNS rebinding); its requests carry that name, and are refused.
 */
export function guardHost(hosts: readonly string[]): MiddlewareHandler {
  const allowed = new Set(hosts);
  return async (context, next) => {
    const host = (context.req.header('host') ?? '').replace(/:\d+$/, '');
    if (!allowed.has(host)) {
      return context.json({ error: { code: 'host_not_allowed', message: 'this host name is not served here' } }, 403);
    }
    await next();
  };
}
