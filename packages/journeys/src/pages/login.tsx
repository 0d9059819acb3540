import type { Context, MiddlewareHandler } from 'hono';
import { z } from 'zod';
import { type OpenOperation, open } from '../access/allow.ts';
import type { Guesses } from '../access/guesses.ts';
import type { OnceLinks } from '../access/once_links.ts';
import type { ConsoleSecrets } from '../access/roles.ts';
import { safeNext } from '../access/safe_next.ts';
import type { Sessions } from '../access/session.ts';
import type { Journeys, JourneysEnv } from '../env.ts';
import { fault } from '../fault.ts';
import { FORM_LIMIT } from './form_limit.ts';
import { IN_LANGUAGE, languageOf } from './language.ts';
import { renderPage } from './layout.tsx';
import { loginText } from './login_text.ts';
import { Notice } from './parts/notice.tsx';

export interface LoginParts {
  readonly secrets: ConsoleSecrets;
  readonly sessions: Sessions;
  readonly links: OnceLinks;
  readonly guesses: Guesses;
  /** Tells clients apart, to count their guesses. */
  readonly clientOf: (context: Context) => string;
  readonly sameOrigin: MiddlewareHandler;
}

const NEXT = { description: 'Address of the console to go on to. Default its first page.' };
const PAGE_ANSWER = (description: string) => ({ description, type: 'text/html' });
const GO_ON = {
  location: { description: 'Where to go on to.' },
  'set-cookie': { description: 'The session: twelve hours, HttpOnly, SameSite=Strict.' },
};

const FORM: OpenOperation = {
  id: 'showLogin',
  tag: 'access',
  summary: 'The form to sign in with, and the links that sign in once',
  inQuery: {
    ...IN_LANGUAGE.inQuery,
    next: NEXT,
    why: { description: 'What the form says first.', schema: z.enum(['ended', 'out', 'used']) },
    once: { description: 'Token of a link that signs in once.' },
  },
  inHeaders: IN_LANGUAGE.inHeaders,
  answers: {
    200: PAGE_ANSWER('The form.'),
    302: { description: 'Signed in already.', headers: { location: GO_ON.location } },
    303: { description: 'Signed in by the link, or back to the form where it is used up.', headers: GO_ON },
  },
  errors: ['not_ahead'],
};

const SIGN_IN: OpenOperation = {
  id: 'signIn',
  tag: 'access',
  summary: 'Signs in with a console secret',
  inQuery: IN_LANGUAGE.inQuery,
  body: {
    types: ['application/x-www-form-urlencoded'],
    schema: z.object({ secret: z.string(), next: z.string().optional() }),
  },
  answers: {
    303: { description: 'Signed in.', headers: GO_ON },
    403: PAGE_ANSWER('The form again: the secret opens nothing.'),
    429: {
      ...PAGE_ANSWER('Too many wrong secrets.'),
      headers: { 'retry-after': { description: 'Seconds to wait.' } },
    },
  },
  errors: ['cross_site', 'body_too_large'],
};

const SIGN_OUT: OpenOperation = {
  id: 'signOut',
  tag: 'access',
  summary: 'Ends the session',
  answers: { 303: { description: 'Signed out; on to the sign-in.', headers: GO_ON } },
  errors: ['cross_site'],
};

/** What the page says above its form. */
type Said = 'wrong' | 'empty' | 'wait' | 'ended' | 'out' | 'used';

/** `/login`: the form, and the links that sign in once. `/logout`: the end of a session. */
export function loginPages(app: Journeys, parts: LoginParts): void {
  const { secrets, sessions, links, guesses, clientOf, sameOrigin } = parts;

  app.get(
    '/login',
    ...open(FORM, async (context) => {
      const once = context.req.query('once');
      const next = safeNext(context.req.query('next'));
      if (once !== undefined) return redeem(context, once, next);
      if (context.get('asker').holder) return context.redirect(next);
      const why = context.req.query('why');
      return showForm(context, next, why === 'ended' || why === 'out' || why === 'used' ? why : undefined);
    }),
  );

  /** The token goes with the first use, and the address that holds it goes from the browser at once. */
  async function redeem(context: Context<JourneysEnv>, token: string, next: string): Promise<Response> {
    context.header('cache-control', 'no-store');
    // A browser that looks ahead asks before anybody decided to sign in.
    if (/prefetch|prerender/i.test(context.req.header('sec-purpose') ?? '')) {
      return context.json(fault('not_ahead', 'a sign-in link is not fetched ahead'), 503);
    }
    const link = links.redeem(token);
    if (link === undefined || secrets.holderWithId(link.secretId) === undefined) {
      return context.redirect(context.get('asker').holder ? next : '/login?why=used', 303);
    }
    await sessions.begin(context, link.secretId, link.endsAt);
    return context.redirect(next, 303);
  }

  app.post(
    '/login',
    ...open(SIGN_IN, sameOrigin, FORM_LIMIT, async (context) => {
      const form = await context.req.parseBody().catch(() => ({}) as Record<string, unknown>);
      const text = (field: string): string => (typeof form[field] === 'string' ? form[field].trim() : '');
      const next = safeNext(text('next'));
      const client = clientOf(context);
      const waitSeconds = guesses.waitSeconds(client);
      if (waitSeconds > 0) {
        context.header('retry-after', String(waitSeconds));
        return showForm(context, next, 'wait', 429);
      }
      const secret = text('secret');
      if (secret === '') return showForm(context, next, 'empty', 403);
      const holder = secrets.holderOf(secret);
      if (holder === undefined) {
        guesses.wrong(client);
        return showForm(context, next, 'wrong', 403);
      }
      await sessions.begin(context, holder.id);
      return context.redirect(next, 303);
    }),
  );

  app.post(
    '/logout',
    ...open(SIGN_OUT, sameOrigin, async (context) => {
      await sessions.end(context);
      return context.redirect('/login?why=out', 303);
    }),
  );
}

function showForm(context: Context<JourneysEnv>, next: string, said: Said | undefined, status: 200 | 403 | 429 = 200) {
  const language = languageOf(context);
  const text = loginText[language];
  const isFault = said === 'wrong' || said === 'empty' || said === 'wait';
  return renderPage(context, {
    title: text.title,
    language,
    status,
    children: (
      <div class="login">
        <h1>{text.title}</h1>
        <p>{text.intro}</p>
        {said !== undefined && (
          <Notice kind={isFault ? 'bad' : 'plain'} id="said">
            {text[said]}
          </Notice>
        )}
        {/* With its language in the action, the answer speaks it whether cookies are kept or not. */}
        <form method="post" action={`/login?lang=${language}`} class="card">
          <input type="hidden" name="next" value={next} />
          <label for="secret">{text.secret}</label>
          <input
            id="secret"
            name="secret"
            type="password"
            autocomplete="current-password"
            autocapitalize="none"
            spellcheck={false}
            required
            autofocus
            aria-describedby={isFault ? 'said hint' : 'hint'}
            aria-invalid={isFault ? 'true' : undefined}
          />
          <p class="hint" id="hint">
            {text.show}
          </p>
          <button type="submit">{text.submit}</button>
        </form>
        <p class="hint">
          {text.noSecret} <code>parcours login</code>
        </p>
      </div>
    ),
  });
}
