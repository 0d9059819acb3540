import type { Scrubber } from './scrub.ts';

/**
 * A key or a number that joins with other systems, as it may rest. What is written like a code is kept as it is: were a
 * loyalty card taken for a payment card, or a keyed hash for a token, all of them would become one `[card]`, one person.
 * Anything freer (a space, an `@`, a leading `+`) is scrubbed like every text.
 */
export const keepCode = (code: string, scrub: Pick<Scrubber, 'text'>): string =>
  /^[\w/#][\w./#=-]{0,127}$/.test(code) ? code : scrub.text(code);
