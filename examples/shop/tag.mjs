import { html, trusted } from './html.mjs';

/**
 * The browser script, by its name at the collector: `p.full.js` watches everything there is to watch, in one tag; `p.js`
 * alone watches pages and clicks.
 */
const SCRIPT = 'p.full.js';

/** Shows on the page what consent does with each event: only where the address has `?pc_debug`, and the policy lets it. */
const DEBUGGER = 'p.debugger.js';

/**
 * The lines that put Parcours on a page, as the README tells. The stub comes first, so that a call made before the
 * script, or without it, is kept and breaks nothing.
 *
 * @param {{ readonly nonce: string, readonly collector: string, readonly stub: string, readonly debugs: boolean }} place
 *   `nonce` of this answer, named by its content security policy; `collector` an origin; `stub` empty where the SDK is not
 *   built; `debugs` whether the debugger is asked for
 */
export const tag = ({ nonce, collector, stub, debugs }) =>
  html`${stub !== '' && html`<script nonce="${nonce}">${trusted(stub)}</script>`}
<script nonce="${nonce}" async src="${collector}/${SCRIPT}" data-site="shop" data-key="pk_demo"></script>${
    debugs &&
    html`
<script nonce="${nonce}" async src="${collector}/${DEBUGGER}"></script>`
  }`;
