import { html } from './html.mjs';
import { ownBanner } from './pages/consent.mjs';
import { tcfBanner } from './pages/consent_tcf.mjs';

/**
 * The consent managers that the shop can be started with. Whichever it is, the pages call the same three functions of
 * `/consent.js`, which the server answers with `public/consent_<name>.js`.
 *
 * @typedef {object} Consent
 * @property {string} about  as the help says it
 * @property {(reader: import('./language.mjs').Reader) => import('./html.mjs').Html | undefined} banner  in every page
 * @property {(place: { nonce: string, collector: string }) => import('./html.mjs').Html | undefined} tags  in every head
 * @property {(t: import('./texts/en.mjs').Texts) => object} data  for its script
 * @property {string} trustedTypes  what the content security policy permits the manager beside the shop's own scripts
 * @property {Readonly<Record<string, Vendored>>} vendored  what comes out of packages, by path
 *
 * @typedef {{ readonly file: string } | { readonly bundle: string }} Vendored
 *   a file of a package as it is; or a file of `public` made into one with the packages that it imports
 */

/** @type {Readonly<Record<string, Consent>>} */
export const CONSENTS = {
  own: {
    about: "the shop's own banner, which tells Parcours",
    banner: ownBanner,
    tags: () => undefined,
    data: () => ({}),
    trustedTypes: "'none'",
    vendored: {},
  },
  'vanilla-cookieconsent': {
    about: 'vanilla-cookieconsent, which Parcours reads',
    banner: () => undefined,
    tags: ({ nonce, collector }) => html`<link rel="stylesheet" href="/vanilla-cookieconsent.css">
<script nonce="${nonce}" async src="${collector}/p.vanilla-cookieconsent.js"></script>`,
    data: ({ consent }) => ({ consentTexts: consent }),
    // The manager writes its banner as markup: one policy, which permits no more than that (public/permit_markup.js).
    trustedTypes: 'default',
    vendored: {
      '/vanilla-cookieconsent.js': { file: 'vanilla-cookieconsent/dist/cookieconsent.esm.js' },
      '/vanilla-cookieconsent.css': { file: 'vanilla-cookieconsent/dist/cookieconsent.css' },
    },
  },
  tcf: {
    about: 'a TCF consent manager, which Parcours reads by __tcfapi',
    banner: tcfBanner,
    tags: ({ nonce, collector }) => html`<script nonce="${nonce}" src="/tcf_stub.js"></script>
<script nonce="${nonce}" async src="${collector}/p.tcf.js"></script>`,
    data: () => ({}),
    trustedTypes: "'none'",
    vendored: {
      '/tcf_stub.js': { file: '@iabtcf/stub/lib/stub.js' },
      '/tc_string.js': { bundle: 'tc_string.js' },
    },
  },
};
