import { html, raw } from 'hono/html';
import type { Language } from '../language.ts';
import { SHEET } from './sheet.ts';
import { TEXTS } from './text.ts';

/** What the page is about to show. */
export interface PageState {
  readonly site: string;
  readonly language: Language;
  /** The page's address and that of its forms, as seen from here: proxies may have put both elsewhere. */
  readonly links: { readonly page: string; readonly form: string };
  /** When the browser's id was first issued, ms since the epoch; undefined where it is nobody. */
  readonly since: number | undefined;
  readonly hasObjected: boolean;
  readonly offers: { readonly erase: boolean; readonly export: boolean };
  readonly done?:
    | undefined
    | { readonly what: 'stopped' | 'objected' | 'nobody' }
    | { readonly what: 'erased'; readonly logGoneBy: string };
}

type Html = ReturnType<typeof html>;

/** The page as text. */
export const rightsPage = (state: PageState): string => frame(state, body(state));

/** What is asked before anything is erased. */
export function confirmPage(state: PageState): string {
  const { erase } = TEXTS[state.language];
  return frame(
    state,
    html`<h1>${erase.sure}</h1>
<p>${erase.what}</p>
<p>${erase.final}</p>
${form(
  state,
  'erase',
  html`<label><input type="checkbox" name="stop" value="yes" checked>${erase.stopToo}</label>
<p><button type="submit" class="danger">${erase.confirm}</button></p>`,
)}
<p><a class="act" href="${here(state)}">${erase.back}</a></p>`,
  );
}

/** Why nothing was done. */
export function failedPage(state: Pick<PageState, 'language'>, code: string): string {
  const { title, failedTitle, failed } = TEXTS[state.language];
  const reason = Object.hasOwn(failed, code) ? failed[code as 'other'] : failed.other;
  return document(
    state.language,
    `${failedTitle} · ${title}`,
    html`<main><h1>${failedTitle}</h1><div class="state failed"><p>${reason}</p></div></main>`,
  );
}

function body(state: PageState): Html {
  const { language, since, hasObjected, offers, done } = state;
  const text = TEXTS[language];
  const isKnown = since !== undefined;
  return html`<h1>${text.title}</h1>
${done ? html`<div class="state" role="status"><p>${text.done[done.what]}</p>${done.what === 'erased' ? html`<p>${text.done.log(day(Date.parse(done.logGoneBy), language))}</p>` : ''}</div>` : ''}
<p>${text.intro(state.site)}</p>
<section><h2>${text.status}</h2>
<p>${isKnown ? text.known(day(since, language)) : text.unknown}</p>
${hasObjected ? html`<p>${text.objected}</p>` : ''}</section>
<section><h2>${text.stop.title}</h2>
<p>${text.stop.text}</p>
<p>${text.stop.shop}</p>
${form(state, 'stop', html`<button type="submit">${text.stop.button}</button>`)}</section>
<section><h2>${text.take.title}</h2>
${
  offers.export
    ? isKnown
      ? html`<p>${text.take.text}</p>
${form(state, 'export', html`<button type="submit">${text.take.button}</button>`)}`
      : html`<p>${text.take.none}</p>`
    : html`<p>${text.take.away}</p>`
}</section>
${
  offers.erase
    ? html`<section><h2>${text.erase.title}</h2>
${
  isKnown
    ? html`<p>${text.erase.text}</p>
<p><a class="act" href="${here(state)}&ask=erase">${text.erase.button}</a></p>`
    : html`<p>${text.erase.none}</p>`
}</section>`
    : ''
}
<section><h2>${text.scope.title}</h2>
<p>${text.scope.text}</p>
<p>${text.scope.shop}</p></section>`;
}

const form = ({ links, site, language }: PageState, what: 'stop' | 'erase' | 'export', inner: Html): Html =>
  html`<form method="post" action="${links.form}${what === 'export' ? '/export' : ''}"><input type="hidden" name="site" value="${site}"><input type="hidden" name="lang" value="${language}"><input type="hidden" name="do" value="${what}">${inner}</form>`;

const here = ({ links, language }: PageState): string => `${links.page}?lang=${language}`;

/** The other language, by a link that says so in that language. */
function frame(state: PageState, content: Html): string {
  const { language, links } = state;
  const { title, otherLanguage } = TEXTS[language];
  const other = language === 'en' ? 'fr' : 'en';
  return document(
    language,
    title,
    html`<header><nav><a href="${links.page}?lang=${other}" hreflang="${other}" lang="${other}">${otherLanguage}</a></nav></header>
<main>
${content}
</main>`,
  );
}

const document = (language: Language, title: string, content: Html): string =>
  `${html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${raw(SHEET)}</style>
</head>
<body>
${content}
</body>
</html>
`}`;

const day = (ms: number, language: Language): string =>
  new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'fr-FR', { dateStyle: 'long', timeZone: 'UTC' }).format(ms);
