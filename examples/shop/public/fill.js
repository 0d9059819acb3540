/**
 * A text with its places filled in: `fill('{name} removed.', { name: 'Fleece' })`. Runs in the browser and on the server.
 *
 * @param {string} text
 * @param {Readonly<Record<string, string | number>>} values
 */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
