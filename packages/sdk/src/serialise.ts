import { maskEmails } from './scrub.ts';

/**
 * A value as JSON text, which later changes of the caller's object cannot reach, e-mail shapes masked in every string.
 * Throws where JSON does: on cycles, BigInt and getters that throw.
 */
export const serialise = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? maskEmails(part) : part));

/** The bytes of a text in UTF-8. */
export const byteLength = (text: string): number => new TextEncoder().encode(text).length;

/** A JSON object's text with more fields at its end. `fields` is JSON as it stands between braces. */
export const withFields = (object: string, fields: string): string => `${object.slice(0, -1)},${fields}}`;
