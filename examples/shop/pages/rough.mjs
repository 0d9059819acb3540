import { html } from '../html.mjs';
import { fill } from '../public/fill.js';

/**
 * What goes wrong on purpose: a button that is dead, and the way to a page that is slow.
 *
 * @param {import('../language.mjs').Reader} reader
 * @returns {import('./layout.mjs').Page}
 */
export const rough = ({ t: { rough: t } }) => ({
  title: t.title,
  main: html`<h1>${t.title}</h1>
<p class="lead">${t.text}</p>
<div class="stores">
  <section class="panel">
    <p><button class="button" type="button" id="dead" aria-describedby="dead-says">${t.dead}</button></p>
    <p id="dead-says">${t.deadText}</p>
  </section>
  <section class="panel">
    <p><a class="button" href="/slow">${t.slow}</a></p>
    <p>${t.slowText}</p>
  </section>
</div>`,
});

/**
 * @param {number} ms  that the server took
 * @param {import('../language.mjs').Reader} reader
 * @returns {import('./layout.mjs').Page}
 */
export const slow = (ms, { t: { rough: t } }) => ({
  title: t.slowTitle,
  main: html`<h1>${t.slowTitle}</h1>
<p class="lead">${fill(t.slowDone, { ms })}</p>
<p><a href="/rough">${t.title}</a></p>`,
});
