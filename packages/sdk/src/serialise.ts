import { hasEmail, maskEmails } from './scrub.ts';

/**
 * A value as JSON text, which later changes of the caller's object cannot reach, e-mail shapes masked in every string.
 * Throws where JSON does: on cycles, BigInt and getters that throw.
 */
export const serialise = (value: unknown): string => {
  const text = JSON.stringify(value);
  // Masked in the values and not in the text, whose escapes a mask could cut. Rarely needed, so looked for first.
  return hasEmail(text)
    ? JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? maskEmails(part) : part))
    : text;
};

/** The bytes of a text in UTF-8 at most: each UTF-16 unit beyond ASCII counts three. Encoding it would cost more. */
export const byteLength = (text: string): number => text.replace(/[^\0-\x7f]/g, '...').length;

/** A JSON object's text with more fields at its end. `fields` is JSON as it stands between braces. */
export const withFields = (object: string, fields: string): string => `${object.slice(0, -1)},${fields}}`;
