import type { Child } from 'hono/jsx';
import { LANGUAGES, type Language } from './language.ts';

/** The frame of every page: one stylesheet, the way to the other language, and a link past the header. */
export const Layout = ({
  title,
  language,
  skip,
  children,
}: {
  title: string;
  language: Language;
  skip: string;
  children: Child;
}) => (
  <html lang={language}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{`${title} · Parcours`}</title>
      <link rel="icon" href="data:," />
      <link rel="stylesheet" href="/assets/console.css" />
    </head>
    <body>
      <a class="skip" href="#main">
        {skip}
      </a>
      <header>
        <strong class="brand">Parcours</strong>
        <nav aria-label={{ en: 'Language', fr: 'Langue' }[language]}>
          {LANGUAGES.map((other) => (
            <a href={`?lang=${other}`} lang={other} aria-current={other === language ? 'true' : undefined}>
              {other.toUpperCase()}
            </a>
          ))}
        </nav>
      </header>
      <main id="main">{children}</main>
    </body>
  </html>
);
