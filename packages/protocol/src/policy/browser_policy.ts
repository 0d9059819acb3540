import { DEFAULT_RULES } from '../consent/default_rules.ts';
import { isExemptOpen } from '../consent/exempt.ts';
import { namesOf } from '../consent/gate_event.ts';
import type { BrowserPolicy, SiteRules } from '../consent/policy.ts';
import { isPurpose } from '../consent/purposes.ts';

type Fields = SiteRules['fields'];

/** What a page calls the fields that policies know by another name, their columns. A page without an address is none. */
const COLUMNS: { readonly [name: string]: string } = {
  page: 'url',
  referrer: 'referrer_host',
  pc_place: 'place_id',
  pc_code: 'keys.qr',
  'props.transaction_id': 'order_id',
  'props.value': 'amount_minor',
  'props.currency': 'currency',
  'props.click_id': 'click_id',
  // Of an address: a page looks for the property under no other name.
  click_id: 'click_id',
};

const NEEDS_AUDIENCE: Fields[string] = ['audience'];

const ruleOf = (fields: Fields, field: string): Fields[string] => {
  const name = namesOf(field).find((each) => Object.hasOwn(fields, each));
  return (name !== undefined && fields[name]) || NEEDS_AUDIENCE;
};

/** What a page takes for the rule of a field, by the names that it has. */
const pageRuleOf = (fields: Fields, name: string): Fields[string] => {
  const known = [name, name.replace(/^(utm_|keys\.|props\.).*/, '$1*')].find((each) => Object.hasOwn(fields, each));
  return (known !== undefined && fields[known]) || NEEDS_AUDIENCE;
};

/** The rules of those fields under the names that pages have, where a page would take them for others. */
const pageFields = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(COLUMNS)
      .map(([name, column]) => [name, ruleOf(fields, column)] as const)
      .filter(([name, rule]) => rule !== pageRuleOf(fields, name)),
  );

/**
 * The part of a site's rules that its pages get: what may be granted, and by which rules; numbers only where they differ
 * from the built-in ones. No retention, country or threshold of reports is in it.
 *
 * @param hash of the whole policy, which pages put on every stamp
 */
export function browserPolicy(rules: SiteRules, hash: string): BrowserPolicy {
  const { choice_days, cookie_days, before_choice, events, fields, gpc_removes, sources, debug } = rules;
  return {
    hash,
    purposes: Object.keys(rules.purposes).filter(
      (purpose) => isPurpose(purpose) && rules.purposes[purpose]?.basis === 'consent',
    ) as BrowserPolicy['purposes'],
    ...(choice_days !== DEFAULT_RULES.choice_days && { choice_days }),
    ...(cookie_days !== DEFAULT_RULES.cookie_days && { cookie_days }),
    // What is told without consent is a script of its own; the tracker holds nothing of it, and tells the page when it is granted.
    ...(before_choice !== 'memory' && { before_choice: 'drop' as const }),
    ...(isExemptOpen(rules, false) &&
      rules.before_choice === 'exempt' && {
        exempt: { ...(rules.exempt?.after_refusal && { after_refusal: true as const }) },
      }),
    events,
    fields: { ...fields, ...pageFields(fields) },
    gpc: gpc_removes,
    sources,
    ...(debug && { debug }),
  };
}
