import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import type { Journal } from './journal.ts';
import { countLine, failureLine, refusalLine } from './lines.ts';
import type { SeenEvent } from './seen.ts';

/** Newest events that the page shows. */
const SHOWN = 100;
const REFRESH_SECONDS = 2;

const STYLE = `
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { max-width: 70rem; margin: 0 auto; padding: 1rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: start; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8886; }
  td:not(:last-child) { white-space: nowrap; }
  td:last-child { min-width: 16rem; overflow-wrap: anywhere; }
  li { overflow-wrap: anywhere; }
  .wrong { color: light-dark(#a3140a, #ff9d94); }
  .scroll { overflow-x: auto; }
`;

/** Headers of the page: it loads nothing and runs nothing. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
  'x-content-type-options': 'nosniff',
};

/** What was received, for a person who looks: faults first, then the newest events. It loads itself again. */
export function microPage(journal: Journal): string {
  const { received, accepted, duplicate, filtered, failed, retry, refused, dropped } = journal.accounts();
  const wrong = [
    ...journal.refused().slice(-SHOWN).map(refusalLine),
    ...journal.failed().slice(-SHOWN).map(failureLine),
    ...journal.filtered().map(countLine),
    ...journal.dropped().map(({ code, count, text }) => `let go by browsers: ${count}: ${text} (${code})`),
  ];
  const events = journal.events().slice(-SHOWN).reverse();
  return `${html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="${REFRESH_SECONDS}">
<title>${accepted} received · parcours micro</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<h1>What was received</h1>
<p>received ${received} = accepted ${accepted} + duplicate ${duplicate} + filtered ${filtered} + failed ${failed} + retry ${retry};
requests refused ${refused}; dropped by browsers ${dropped}</p>
${wrong.length > 0 ? html`<h2>What went wrong</h2><ul class="wrong">${wrong.map((line) => html`<li>${line}</li>`)}</ul>` : ''}
<h2>Events, the newest first</h2>
${events.length > 0 ? table(events) : html`<p>None yet.</p>`}
</body>
</html>
`}`;
}

const table = (events: readonly SeenEvent[]) => html`<div class="scroll"><table>
<thead><tr><th scope="col">n</th><th scope="col">type</th><th scope="col">site</th><th scope="col">path</th><th scope="col">order_id</th><th scope="col">amount_minor</th><th scope="col">props</th></tr></thead>
<tbody>${events.map(row)}</tbody>
</table></div>`;

const row = ({ n, type, site, path = '', order_id = '', amount_minor, currency = '', props = {} }: SeenEvent) =>
  html`<tr><td>${n}</td><td>${type}</td><td>${site}</td><td>${path}</td><td>${order_id}</td><td>${amount_minor ?? ''} ${currency}</td><td>${JSON.stringify(props)}</td></tr>
`;
