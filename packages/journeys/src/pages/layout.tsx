import type { Context } from 'hono';
import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { JourneysEnv } from '../env.ts';
import { frameText } from './frame_text.ts';
import { LANGUAGES, type Language } from './language.ts';

/** The pages of the navigation, in its order. Whoever may not open one does not see it. */
const NAVIGATION = [
  { path: '/', text: 'overview' },
  { path: '/live', text: 'live' },
  { path: '/exempt', text: 'exemptPage' },
  { path: '/privacy', text: 'privacyPage' },
  { path: '/reference', text: 'reference' },
] as const;

export interface PageParts {
  readonly title: string;
  readonly language: Language;
  /** Its path in the navigation, if it stands there. */
  readonly path?: string;
  /** Addresses of its scripts. */
  readonly scripts?: readonly string[];
  readonly status?: 200 | 403 | 404 | 429;
  /** Seconds and address of a page that leads on by itself. */
  readonly onward?: string;
  readonly children: Child;
}

/** A whole page in the frame that all share: header with the navigation, content, footer. */
export function renderPage(context: Context<JourneysEnv>, parts: PageParts): Response | Promise<Response> {
  // What a page shows is for whoever is signed in: no copy of it stays behind the sign-out.
  context.header('cache-control', 'no-store');
  return context.html(html`<!doctype html>${<Page context={context} {...parts} />}`, parts.status ?? 200);
}

const Page = ({
  context,
  title,
  language,
  path,
  scripts = [],
  onward,
  children,
}: PageParts & { readonly context: Context<JourneysEnv> }) => {
  const text = frameText[language];
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {onward !== undefined && <meta http-equiv="refresh" content={`0;url=${onward}`} />}
        <title>{`${title} · Parcours`}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/console.css" />
      </head>
      <body>
        <a class="skip" href="#main">
          {text.skip}
        </a>
        <Header context={context} language={language} path={path} />
        <main id="main" tabindex={-1}>
          {children}
        </main>
        <footer>Parcours {context.get('version')}</footer>
        {scripts.map((script) => (
          <script src={script} type="module" />
        ))}
      </body>
    </html>
  );
};

const Header = ({
  context,
  language,
  path,
}: {
  readonly context: Context<JourneysEnv>;
  readonly language: Language;
  readonly path: string | undefined;
}) => {
  const text = frameText[language];
  const { holder } = context.get('asker');
  const mayOpen = context.get('mayOpen');
  return (
    <header>
      <div class="bar">
        <Brand />
        {holder && (
          <nav class="pages" aria-label={text.navigation}>
            {NAVIGATION.filter((page) => mayOpen(page.path)).map((page) => (
              <a href={page.path} aria-current={page.path === path ? 'page' : undefined}>
                {text[page.text]}
              </a>
            ))}
          </nav>
        )}
        <div class="who">
          <nav class="languages" aria-label={text.language}>
            {LANGUAGES.map((other) => (
              <a
                href={inLanguage(context, other)}
                lang={other}
                hreflang={other}
                aria-label={{ en: 'EN, English', fr: 'FR, français' }[other]}
                aria-current={other === language ? 'true' : undefined}
              >
                {other.toUpperCase()}
              </a>
            ))}
          </nav>
          {holder && (
            <form method="post" action="/logout">
              <span class="role" title={text.signedInAs}>
                {text[holder.role]}
              </span>
              <button class="quiet" type="submit">
                {text.signOut}
              </button>
            </form>
          )}
        </div>
      </div>
    </header>
  );
};

/** The mark: a way with its stops. */
const Brand = () => (
  <a class="brand" href="/">
    <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
      <path d="M4 18c6 0 3-12 9-12h3" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
      <circle cx="4" cy="18" r="2.5" fill="currentColor" />
      <circle cx="19" cy="6" r="2.5" fill="none" stroke="currentColor" stroke-width="2" />
    </svg>
    Parcours
  </a>
);

/** This page's address in the other language, with the rest of its query. */
function inLanguage(context: Context, language: Language): string {
  const query = new URL(context.req.url).searchParams;
  // A sign-in link is used by now, and says nothing to whoever looks over the shoulder.
  query.delete('once');
  query.set('lang', language);
  return `?${query}`;
}
