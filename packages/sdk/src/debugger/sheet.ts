/**
 * The panel's look, as a constructed sheet, which no `style-src` keeps out (CSSOM, 6.7.1: it is no inline style). A browser
 * without them (Safari before 16.4) shows the panel bare, at the end of the page. Lengths follow the visitor's own font
 * size, and not the page's, as `rem` would.
 */
const RULES = `
:host{all:initial!important;position:fixed!important;z-index:2147483647!important;right:0!important;bottom:0!important;
box-sizing:border-box!important;width:min(26em,100vw)!important;padding:.5em!important;pointer-events:none!important;
color-scheme:light dark!important;--ink:#1b1c20;--soft:#565962;--paper:#fff;--line:#c9ccd4;--mark:#1d5bbf}
@media (prefers-color-scheme:dark){:host{--ink:#f2f3f5;--soft:#b6bac4;--paper:#1d1f24;--line:#4a4e58;--mark:#8ab8ff}}
section{pointer-events:auto;box-sizing:border-box;display:flex;flex-direction:column;max-height:min(36em,calc(100vh - 1em));
border:1px solid var(--line);border-radius:.5em;background:var(--paper);color:var(--ink);
box-shadow:0 .25em 1em #0004;font:.875em/1.45 system-ui,sans-serif;overflow:hidden}
h2,p,dl,dd,ul{margin:0;padding:0}
h2{font-size:inherit}
button,summary{font:inherit;color:inherit;cursor:pointer}
h2 button{display:flex;justify-content:space-between;gap:1em;width:100%;padding:.625em .75em;border:0;background:none;
font-weight:600;text-align:start}
h2 span{white-space:nowrap}
h2 span::after{content:"\\25b4";margin-inline-start:.5em}
h2 [aria-expanded=true] span::after{content:"\\25be"}
:focus-visible{outline:2px solid var(--mark);outline-offset:-3px;border-radius:.375em}
section>div{overflow:auto;padding:0 .75em .75em;overflow-wrap:anywhere}
[hidden]{display:none}
dl{display:grid;grid-template-columns:minmax(0,2fr) minmax(0,5fr);gap:.125em .75em;margin:.5em 0}
dt,time,.soft{color:var(--soft)}
summary{padding:.375em .5em;border-top:1px solid var(--line);font-weight:600}
ul{list-style:none}
li{padding:.25em 0 .25em .5em;border-inline-start:3px solid var(--line);margin:.25em 0 .25em .25em}
code{font:.8125em ui-monospace,monospace;font-weight:600}
div>button{margin:.5em 0;padding:.375em .75em;border:1px solid var(--soft);border-radius:.375em;background:none}
textarea{box-sizing:border-box;width:100%;height:8em;font:.75em ui-monospace,monospace;color:inherit;background:none;
border:1px solid var(--soft)}
`;

/** Dresses a shadow root. */
export function dress(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(RULES);
    root.adoptedStyleSheets = [sheet];
  } catch {
    // Bare.
  }
}
