import { html } from '../html.mjs';

/**
 * The consent banner: hidden until `public/consent.js` finds that no choice has been made, or the person asks for it.
 * Two buttons alike, one press each; nothing behind it is blocked.
 */
export const consentBanner = html`<section class="consent" id="consent" aria-labelledby="consent-title" hidden>
  <div>
    <h2 id="consent-title" tabindex="-1">May we measure how this shop is used?</h2>
    <p>If you accept, we record the pages you open and what goes into your cart, to make the shop better. If you refuse,
    nothing is recorded and nothing is stored for it. You can change your mind at the foot of every page.
    <strong data-consent-now></strong></p>
  </div>
  <div class="consent-buttons">
    <button type="button" data-consent="accept">Accept</button>
    <button type="button" data-consent="refuse">Refuse</button>
  </div>
</section>`;
