import type { LegalBasis } from '../../consent/policy.ts';
import { PURPOSES, type Purpose } from '../../consent/purposes.ts';
import type { Law } from './law.ts';

const DEVICE = 'ePrivacy directive 2002/58/EC, art. 5(3)';

/** The one basis on which each purpose may be pursued. */
const BASIS: { readonly [purpose in Purpose]?: LegalBasis } = { necessary: 'necessary', audience_exempt: 'exempt' };

/** Purposes on a basis that does not carry them. */
export const bases: Law = ({ purposes }) =>
  PURPOSES.flatMap((purpose) => {
    const given = purposes[purpose]?.basis;
    const basis = BASIS[purpose] ?? 'consent';
    if (given === undefined || given === basis) return [];
    const rule =
      basis === 'consent'
        ? `${purpose} needs consent: it is not strictly necessary for what the visitor asked for`
        : `${purpose} has the basis ${basis}, and no other`;
    return [{ at: ['purposes', purpose, 'basis'] as const, value: given, rule, source: DEVICE }];
  });
