import { html } from '../html.mjs';

/**
 * The path that leads nowhere.
 *
 * @param {import('../language.mjs').Reader} reader
 * @returns {import('./layout.mjs').Page}
 */
export const notFound = ({ t: { notFound: t, seeAll } }) => ({
  title: t.title,
  status: 404,
  main: html`<h1>${t.title}</h1>
<p class="lead">${t.text}</p>
<p><a class="button" href="/products">${seeAll}</a></p>`,
});
