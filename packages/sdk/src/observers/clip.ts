import { maskEmails } from '../scrub.ts';

/**
 * A text as an event may carry it: e-mail shapes masked, on one line, cut to so many UTF-16 units. Masked before it is
 * cut, for half an address is no shape any more; never cut within a character.
 */
export const clip = (text: string, chars: number): string =>
  maskEmails(text.trim().replace(/\s+/g, ' '))
    .slice(0, chars)
    .replace(/[\ud800-\udbff]$/, '');
