import type { SeenCount, SeenFailure, SeenRefusal } from './seen.ts';

/** What was seen, each as one line for people. */

/** Values longer than this are cut in a message. */
const MAX_CHARS = 200;

export const show = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : (JSON.stringify(readable(value)) ?? String(value));
  return text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}…` : text;
};

export const failureLine = ({ type = 'an event', code, path, message, stage }: SeenFailure): string =>
  `failed: ${type}${path === '' ? '' : ` at ${path}`}: ${message} (${stage}, ${code})`;

export const countLine = ({ type, code, count, text }: SeenCount): string =>
  `left out: ${count} ${type || 'of unknown type'}: ${text} (${code})`;

export const refusalLine = ({ code, message, origin, site, types }: SeenRefusal): string => {
  const from = origin === null ? 'a request without origin' : `a request of ${origin}`;
  const what = types.length === 0 ? '' : ` with ${types.join(', ')}`;
  return `refused: ${from} for site ${show(site)}${what}: ${message} (${code})`;
};

/** `expect.any(Number)` as it is written, not as the object that it is. */
function readable(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && 'asymmetricMatch' in value) return String(value);
  return value;
}
