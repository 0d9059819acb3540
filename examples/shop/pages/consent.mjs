import { html } from '../html.mjs';

/**
 * The consent banner: hidden until `public/consent.js` finds that no choice has been made, or the person asks for it.
 * Two buttons alike, one press each; nothing behind it is blocked.
 *
 * @param {import('../language.mjs').Reader} reader
 */
export const consentBanner = ({
  t: { consent },
}) => html`<section class="consent" id="consent" aria-labelledby="consent-title" hidden>
  <div>
    <h2 id="consent-title" tabindex="-1">${consent.title}</h2>
    <p>${consent.text}
    <strong data-now="accepted" hidden>${consent.accepted}</strong><strong data-now="refused" hidden>${consent.refused}</strong></p>
  </div>
  <div class="consent-buttons">
    <button type="button" data-consent="accept">${consent.accept}</button>
    <button type="button" data-consent="refuse">${consent.refuse}</button>
  </div>
</section>`;
