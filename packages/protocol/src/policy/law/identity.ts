import type { SiteRules } from '../../consent/policy.ts';
import type { Purpose } from '../../consent/purposes.ts';
import { JOIN_KEYS } from '../../keys.ts';
import type { Term } from '../terms.ts';
import type { Breach, Law } from './law.ts';

const JOIN: Term = {
  rule: 'needs crm_join: browsing meets a customer file only with consent to that',
  source: 'CNIL délib. 2020-091, art. 5; GDPR art. 6(1)(a)',
};

const CONTACT: Term = {
  rule: 'needs crm_join or ads_share: a contact, hashed or not, is personal data',
  source: 'CNIL SAN-2025-017; GDPR art. 4(5)',
};

/** What tells who the visitor is, and the purposes of which one may open it. */
const IDENTITY: Readonly<Record<string, { readonly opens: readonly Purpose[]; readonly term: Term }>> =
  Object.fromEntries(
    Object.entries(JOIN_KEYS)
      .filter(([, purpose]) => purpose === 'crm_join')
      .map(([key]) =>
        key.endsWith('_hmac')
          ? [`keys.${key}`, { opens: ['crm_join', 'ads_share'], term: CONTACT }]
          : [`keys.${key}`, { opens: ['crm_join'], term: JOIN }],
      ),
  );

/** Customers' keys and contacts that another purpose would open, or that are left out so that `audience` does; `identify` too. */
export const identity: Law = ({ events, fields }) => [
  ...Object.entries(IDENTITY).flatMap(([field, { opens, term }]) =>
    opened('fields', fields, { name: field, others: 'keys.*', opens, term }),
  ),
  ...opened('events', events, { name: 'identify', others: '*', opens: ['crm_join'], term: JOIN }),
];

function opened(
  at: 'events' | 'fields',
  listed: SiteRules['events'],
  {
    name,
    others,
    opens,
    term,
  }: { readonly name: string; readonly others: string; readonly opens: readonly Purpose[]; readonly term: Term },
): readonly Breach[] {
  const found = [name, others].find((each) => Object.hasOwn(listed, each));
  // An event that is not listed is not taken; a field that is not listed needs `audience` alone.
  if (found === undefined && at === 'events') return [];
  const needed = (found === undefined ? undefined : listed[found]) ?? ['audience'];
  const wrong = needed.findIndex((purpose) => !opens.includes(purpose));
  if (wrong < 0) return [];
  const { rule, source } = term;
  if (found === name) return [{ at: [at, name, wrong], value: needed[wrong], rule, source }];
  const how = found === undefined ? 'is left out, which opens it to audience' : `falls under ${found}`;
  return [{ at: [at], value: undefined, rule: `${name} ${how}, and it ${rule}`, source }];
}
