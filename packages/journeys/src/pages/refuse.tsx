import type { Context } from 'hono';
import type { JourneysEnv } from '../env.ts';
import { frameText } from './frame_text.ts';
import { languageOf } from './language.ts';
import { renderPage } from './layout.tsx';

/**
 * A page to whoever may not see it: the sign-in, which leads back here, or one that says so where the role is another.
 *
 * @param why `unknown`: nobody, or a wrong secret. `ended`: the session ran out or its secret was revoked
 */
export function refusePage(
  context: Context<JourneysEnv>,
  why: 'unknown' | 'ended' | 'role',
): Response | Promise<Response> {
  const { pathname, search } = new URL(context.req.url);
  const here = pathname + search;
  const language = languageOf(context);
  const text = frameText[language];
  if (why === 'role') {
    return renderPage(context, {
      title: text.refusedTitle,
      language,
      status: 403,
      children: (
        <div class="narrow">
          <h1>{text.refusedTitle}</h1>
          <p>{text.refused}</p>
          <p>
            <a href="/">{text.toOverview}</a>
          </p>
        </div>
      ),
    });
  }
  // A link from another site comes without the cookie (SameSite=Strict). From a page of ours it comes with it, so the same
  // address is asked once more from here before anybody has to sign in.
  if (why === 'unknown' && context.req.header('sec-fetch-site') === 'cross-site') {
    return renderPage(context, {
      title: 'Parcours',
      language,
      onward: here,
      children: (
        <p>
          <a href={here}>{text.onward}</a>
        </p>
      ),
    });
  }
  const query = new URLSearchParams({ ...(here !== '/' && { next: here }), ...(why === 'ended' && { why }) });
  return context.redirect(query.size > 0 ? `/login?${query}` : '/login');
}
