import { MAY } from '../look.ts';
import type { Rule } from './rule.ts';

/** A header in base64url (`{"` is `eyJ`), then payload and signature, or the five parts of an encrypted one. */
const JWT = /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){1,4}/g;

/** JSON Web Tokens, whole or cut off after the header's dot. Source: RFC 7515 3.1, RFC 7516 3.1. */
export const jwt: Rule = {
  name: 'jwt',
  needs: MAY.jwt,
  replace: (text, hit) =>
    text.replace(JWT, () => {
      hit();
      return '[jwt]';
    }),
};
