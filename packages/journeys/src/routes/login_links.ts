import { z } from 'zod';
import { api, type ConsoleOperation } from '../access/allow.ts';
import type { OnceLinks } from '../access/once_links.ts';
import type { Holder } from '../access/roles.ts';
import type { Journeys } from '../env.ts';

const link = z
  .strictObject({ url: z.url(), expires_at: z.iso.datetime() })
  .meta({ id: 'LoginLink', description: 'A link that signs a browser in once.' });

/** What `POST /v1/login-links` answers. */
export type LoginLink = Readonly<z.output<typeof link>>;

const LINK: ConsoleOperation = {
  id: 'createLoginLink',
  tag: 'access',
  summary: 'Makes a link that signs a browser in once, within ten minutes',
  description:
    'It signs in as the holder of the secret that asks, for no longer than a session that asks, and is void after a restart of the reader.',
  roles: ['analyst', 'privacy'],
  answers: {
    200: {
      description: 'The link.',
      schema: link,
      headers: { 'cache-control': { description: 'Nothing of it may rest in a cache.' } },
      examples: {
        link: {
          url: 'http://127.0.0.1:8788/login?once=3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
          expires_at: '2026-11-22T10:10:00.000Z',
        },
      },
    },
  },
};

/**
 * `POST /v1/login-links`: a link that signs a browser in once, as the holder of the secret that asks.
 *
 * @param publicOrigin of the front, if the console is reached by one; default where the request came to
 */
export function loginLinkRoute(app: Journeys, links: OnceLinks, publicOrigin: string | undefined): void {
  app.post(
    '/v1/login-links',
    ...api(LINK, (context) => {
      const { holder, endsAt } = context.get('asker') as { holder?: Holder; endsAt?: number };
      if (holder === undefined) throw new Error('the route let nobody through');
      const { token, expiresAt } = links.mint({ secretId: holder.id, endsAt });
      const origin = publicOrigin ?? new URL(context.req.url).origin;
      const made: LoginLink = { url: `${origin}/login?once=${token}`, expires_at: new Date(expiresAt).toISOString() };
      return context.json(made, 200, { 'cache-control': 'no-store' });
    }),
  );
}
