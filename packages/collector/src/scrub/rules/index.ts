import { card } from './card.ts';
import { email } from './email.ts';
import { iban } from './iban.ts';
import { jwt } from './jwt.ts';
import { nir } from './nir.ts';
import { phone } from './phone.ts';
import type { Rule } from './rule.ts';
import { token } from './token.ts';

/** Every rule, in the order they run: the ones with check digits before the phone, which has none. */
export const RULES: readonly Rule[] = [jwt, email, iban, nir, card, phone, token];
