import { html, placed } from '../html.mjs';

/**
 * Login and logout. Whoever is logged in is asked, here where it matters, whether their visits may be joined with their
 * account: a purpose of its own, apart from being measured.
 *
 * @param {string | undefined} customer  whoever is logged in
 * @param {import('../language.mjs').Reader} reader
 * @returns {import('./layout.mjs').Page}
 */
export const account = (customer, { t: { accountPage: t, consent } }) => ({
  title: t.title,
  data: { account: true },
  main:
    customer === undefined
      ? html`<h1>${t.title}</h1>
<p class="lead">${t.text}</p>
<form class="narrow" id="login" method="post" action="/login">
  <label class="field">${t.email}<input name="email" type="email" autocomplete="username" maxlength="200" required></label>
  <label class="field">${t.password}<input name="password" type="password" autocomplete="current-password" maxlength="200" required></label>
  <button class="button" type="submit">${t.login}</button>
</form>`
      : html`<h1>${t.title}</h1>
<p class="lead">${placed(t.welcome, { customer: html`<strong>${customer}</strong>` })}</p>
<section class="panel" id="join" aria-labelledby="join-title" hidden>
  <h2 id="join-title">${t.joinTitle}</h2>
  <p>${t.joinText}</p>
  <p role="status"><strong data-now="accepted" hidden>${t.joined}</strong><strong data-now="refused" hidden>${t.unjoined}</strong></p>
  <p class="row"><button class="button" type="button" data-join="accept">${consent.accept}</button>
    <button class="button" type="button" data-join="refuse">${consent.refuse}</button></p>
</section>
<form id="logout" method="post" action="/logout"><button class="button quiet" type="submit">${t.logout}</button></form>`,
});
