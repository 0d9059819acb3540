import { maskEmails } from '../scrub.ts';

/**
 * A text as an event may carry it: e-mail shapes masked, on one line, cut to so many characters. Masked before it is cut,
 * for half an address is no shape any more.
 */
export const clip = (text: string, chars: number): string =>
  [...maskEmails(text.replace(/\s+/g, ' ').trim())].slice(0, chars).join('');
