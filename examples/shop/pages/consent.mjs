import { html } from '../html.mjs';

/**
 * The shop's own consent banner.
 *
 * @param {import('../language.mjs').Reader} reader
 */
export const ownBanner = ({ t: { consent } }) =>
  banner(consent, {
    text: consent.text,
    purposes: [
      choosable('audience', consent.audience, consent.audienceText),
      choosable('ads_measurement', consent.ads_measurement, consent.ads_measurementText),
      choosable('crm_join', consent.crm_join, consent.crm_joinText),
    ],
  });

/**
 * A banner: hidden until `public/banner.js` is told that no choice has been made, or the person asks for it. Accept and
 * refuse alike, one press each; nothing behind it is blocked.
 *
 * @param {import('../texts/en.mjs').Texts['consent']} t
 * @param {{
 *   readonly text: string,
 *   readonly purposes: readonly import('../html.mjs').Html[],
 *   readonly foot?: import('../html.mjs').Html,
 * }} content
 */
export const banner = (
  t,
  { text, purposes, foot },
) => html`<section class="consent" id="consent" aria-labelledby="consent-title" hidden>
  <div class="consent-text">
    <h2 id="consent-title" tabindex="-1">${t.title}</h2>
    <p>${text}
    <strong data-now="accepted" hidden>${t.accepted}</strong><strong data-now="partly" hidden>${t.partly}</strong><strong data-now="refused" hidden>${t.refused}</strong></p>
  </div>
  <div class="consent-buttons">
    <button type="button" data-consent="accept">${t.accept}</button>
    <button type="button" data-consent="refuse">${t.refuse}</button>
    <button type="button" class="quiet" id="consent-choose" aria-expanded="false" aria-controls="consent-purposes">${t.choose}</button>
  </div>
  <form class="consent-purposes" id="consent-purposes" hidden>
    <fieldset>
      <legend class="unseen">${t.purposes}</legend>
      ${purposes}
    </fieldset>
    <button type="submit">${t.save}</button>
  </form>
  ${foot}
</section>`;

/**
 * One purpose to be ticked: none is ticked beforehand.
 *
 * @param {string} name
 * @param {string} label
 * @param {string} text
 */
export const choosable = (name, label, text) => html`<label class="choosable">
  <input type="checkbox" name="${name}"><span><strong>${label}</strong> ${text}</span>
</label>`;
