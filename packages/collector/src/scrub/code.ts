import { look } from './look.ts';
import { iban } from './rules/iban.ts';
import { jwt } from './rules/jwt.ts';
import type { Scrubber } from './scrub.ts';

/** What no code of a shop is by chance: check digits, or a form of their own, tell them from any number. */
const NO_CODES = [iban, jwt];

const CODE = /^[\w/#][\w./#=-]{0,127}$/;

/**
 * A key or a number that joins with other systems, as it may rest. What is written like a code is kept as it is, unless it is
 * an IBAN or a JWT: were a loyalty card taken for a payment card, or a keyed hash for a token, all of them would become one
 * `[card]`, one person. Anything freer (a space, an `@`, a leading `+`) is scrubbed like every text.
 */
export const keepCode = (code: string, scrub: Pick<Scrubber, 'text'>): string =>
  CODE.test(code) && !isSecret(code) ? code : scrub.text(code);

/** The id of a visitor, a session or a page, which is a code too; nearly all are UUIDs, and need no look. */
export const isCleanId = (id: string, scrub: Pick<Scrubber, 'text'>): boolean =>
  (id.length === 36 && id[8] === '-' && id[23] === '-') || keepCode(id, scrub) === id;

/** Characters of the shortest IBAN, Norway's; no JWT is shorter. */
const SHORTEST = 15;

function isSecret(code: string): boolean {
  if (code.length < SHORTEST) return false;
  const may = look(code);
  return may !== 0 && NO_CODES.some(({ needs, replace }) => may & needs && replace(code, noHit) !== code);
}

const noHit = (): void => {};
