import { html } from '../html.mjs';
import { banner, choosable } from './consent.mjs';

/**
 * The banner of the shop's TCF manager: the framework's own names for what it asks, and the TC string once there is one.
 *
 * @param {import('../language.mjs').Reader} reader
 */
export const tcfBanner = ({ t: { consent, tcf } }) =>
  banner(consent, {
    text: tcf.text,
    purposes: [
      ...Object.entries(tcf.purposes).map(([id, [label, text]]) => choosable(`purpose.${id}`, label, text)),
      choosable('custom.1', consent.crm_join, consent.crm_joinText),
    ],
    foot: html`<details class="consent-string" id="consent-string" hidden>
    <summary>${tcf.string}</summary><code id="tc-string"></code>
  </details>`,
  });
