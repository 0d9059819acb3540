/**
 * Markup with everything that is put into it escaped, unless it is markup itself.
 *
 * @typedef {{ readonly markup: string }} Html
 * @typedef {Html | string | number | false | undefined} Part
 */

const ENTITIES = /** @type {Record<string, string>} */ ({
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
});

/**
 * Tag of template literals: `` html`<p>${text}</p>` ``. Absent and `false` parts leave nothing; lists are joined.
 *
 * @param {TemplateStringsArray} strings
 * @param {...(Part | readonly Part[])} parts
 * @returns {Html}
 */
export function html(strings, ...parts) {
  return { markup: strings.map((string, i) => string + (i < parts.length ? render(parts[i]) : '')).join('') };
}

/**
 * Text that is markup already, such as a picture of our own.
 *
 * @param {string} markup
 * @returns {Html}
 */
export const trusted = (markup) => ({ markup });

/**
 * A text with markup in its places: `` placed('Order {order} waits.', { order: html`<b>7</b>` }) ``.
 *
 * @param {string} text
 * @param {Readonly<Record<string, Part>>} values
 */
export const placed = (text, values) =>
  html`${text.split(/\{(\w+)\}/).map((part, index) => (index % 2 === 0 ? part : values[part]))}`;

/**
 * A value as the text of a `<script type="application/json">`: no `<` in it, so that nothing in it ends the element.
 *
 * @param {unknown} value
 */
export const jsonText = (value) => trusted(JSON.stringify(value).replaceAll('<', '\\u003c'));

/**
 * @param {Part | readonly Part[]} part
 * @returns {string}
 */
function render(part) {
  if (part === undefined || part === false) return '';
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return 'markup' in part ? part.markup : part.map(render).join('');
}

const escaped = (/** @type {string} */ text) => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
