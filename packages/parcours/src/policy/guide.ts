import { DEFAULT_RULES, type Policy, type PolicyRules, type SiteRules } from '@parcours/protocol';
import { FIELD_NAMES, type PolicyFault, parsePolicy, policyJsonSchema } from '@parcours/protocol/policy';
import { AUDIT_DAYS } from '@parcours/store/control';
import { ruleText } from './flat_rules.ts';

interface JsonSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
}

/** Rules that say nothing where no policy does. */
const NONE_BUILT_IN: readonly string[] = ['preset', 'exempt', 'recipients'];

/** The reference of the policy file: its tables are made of the schema, the built-in rules and what the check answers. */
export function guideOf(): string {
  const schema = policyJsonSchema() as JsonSchema;
  const { sources, retention, ...plain }: SiteRules = DEFAULT_RULES;
  const rules = schema.properties?.rules?.properties ?? {};
  return `${INTRODUCTION}
## The file

${table(['key', 'meaning'], keysOf(schema.properties ?? {}))}

## Rules

Under \`rules\`, a country or a site. A rule takes the place of the one before it whole: one that names \`fields\`, \`events\` or
\`sources\` says all of them. Of \`retention\` each number stands by itself.

${table(
  ['rule', 'meaning', 'built in'],
  Object.entries(rules).map(([name, { description }]) => [
    code(name),
    description ?? '',
    NONE_BUILT_IN.includes(name) ? 'none' : builtIn(plain[name as keyof typeof plain]),
  ]),
)}

### retention

${table(
  ['days', 'of', 'built in'],
  Object.entries(schema.$defs?.retention?.properties ?? {}).map(([name, { description }]) => [
    code(name),
    description ?? '',
    String(retention[name as keyof typeof retention] ?? AUDIT_DAYS),
  ]),
)}

### fields

Each of these, or \`props.<name>\` for a property of that name; of two that fit the longer counts:
${FIELD_NAMES.map(code).join(', ')}.

### sources

Signals that must all be true, where a policy names no \`sources\`. What a page tells by hand (\`manual\`) are the purposes themselves
and needs no mapping.

${table(
  ['source', 'purpose', 'signals'],
  Object.entries(sources).flatMap(([source, mapping]) =>
    Object.entries(mapping).map(([purpose, signals]) => [
      code(source),
      code(purpose),
      (signals ?? []).map(code).join(' '),
    ]),
  ),
)}

## What is refused

Every fault is told at once, with its place, its rule and where the rule is from. Among them:

${table(['in a policy', 'what is told', 'from'], REFUSED.map(refusal))}
`;
}

const INTRODUCTION = `# The consent policy

<!-- Made from packages/parcours/src/policy/guide.ts; a test fails where the two differ, and \`npx vitest run packages/parcours/src/policy/guide.test.ts -u\` writes it anew. -->

What may be collected, for which purposes, on which choice. One file, \`consent.policy.json\`, or \`.ts\`, \`.mts\`, \`.js\` or \`.mjs\`.
The rules of a site are the built-in ones, over them those of \`rules\`, those of its country and its own.

<!-- test: json -->
\`\`\`json
{
  "$schema": "./node_modules/@parcours/protocol/consent.policy.schema.json",
  "policy": 1,
  "version": "1.0.0",
  "country": "FR",
  "countries": { "BE": { "before_choice": "drop" } },
  "sites": { "shop": {}, "shop-be": { "country": "BE", "choice_days": 90 } }
}
\`\`\`

The same in TypeScript, where the editor checks it as it is written:

<!-- test: typescript -->
\`\`\`ts
import { definePolicy } from 'parcours';

export default definePolicy({
  policy: 1,
  version: '1.0.0',
  country: 'FR',
  countries: { BE: { before_choice: 'drop' } },
  sites: { shop: {}, 'shop-be': { country: 'BE', choice_days: 90 } },
});
\`\`\`

Checked without a running program, so also where changes are reviewed:

<!-- test: check -->
\`\`\`sh
parcours policy check
\`\`\`

Put in force, for good. What a version says never changes: its hash stands on every event and receipt that was given under it.

<!-- test: publish -->
\`\`\`sh
parcours policy publish
parcours policy show --site shop-be
\`\`\`

The next version, compared with what is in force:

<!-- test: diff -->
\`\`\`sh
parcours policy diff consent.policy.json
\`\`\`

The hash is the first 22 characters of base64url(SHA-256) of the content in canonical JSON
([RFC 8785](https://www.rfc-editor.org/rfc/rfc8785)), without \`$schema\`; order of keys and layout do not count. Where nothing was
published the built-in policy is in force, version 0.0.0. An event needs \`audience\` in any case, whatever a policy says.
`;

/** Rules that the check refuses, each with one fault. */
const REFUSED: readonly (readonly [string, Partial<Record<keyof Policy, unknown>>])[] = [
  ['`"cookie_days": 396`', rules({ cookie_days: 396 })],
  ['the same, in Germany', { country: 'DE', ...rules({ cookie_days: 396 }) }],
  ['`"choice_days": 183`, in France', rules({ choice_days: 183 })],
  ['`"choice_days": 396`, elsewhere', { country: 'DE', ...rules({ choice_days: 396 }) }],
  ['`"audience_exempt_days": 760`', rules({ retention: { audience_exempt_days: 760 } })],
  ['`"tombstones_days": 30`', rules({ retention: { tombstones_days: 30 } })],
  ['`"report_k": 4`', rules({ report_k: 4 })],
  ['`"before_choice": "exempt"`', rules({ before_choice: 'exempt' })],
  ['`"preset": "cnil-fr-2025"`, in Belgium', { country: 'BE', ...rules({ preset: 'cnil-fr-2025' }) }],
  ['the same, in Spain', { country: 'ES', ...rules({ preset: 'cnil-fr-2025' }) }],
  ['`"exempt": { "cookieless": true }`, without a preset', rules({ exempt: { cookieless: true } })],
  ['`"audience": { "basis": "legitimate_interest" }`', basis('audience', 'legitimate_interest')],
  ['`"ads_share": { "basis": "necessary" }`', basis('ads_share', 'necessary')],
  ['`"click": []`', rules({ events: { ...DEFAULT_RULES.events, click: [] } })],
  ['`"identify": ["audience"]`', rules({ events: { ...DEFAULT_RULES.events, identify: ['audience'] } })],
  ['`"title": ["necessary"]`', rules({ fields: { ...DEFAULT_RULES.fields, title: ['necessary'] } })],
  [
    '`"keys.email_hmac": ["audience"]`',
    rules({ fields: { ...DEFAULT_RULES.fields, 'keys.email_hmac': ['audience'] } }),
  ],
  ['fields without `keys.customer_id`', rules({ fields: withoutCustomer() })],
  [
    '`"tcf": { "audience": ["legitimateInterests.8"] }`',
    rules({ sources: { tcf: { audience: ['legitimateInterests.8'] } } }),
  ],
  ['`"gpc": { "audience": ["off"] }`', rules({ sources: { gpc: { audience: ['off'] } } })],
  ['`"recipients": [{ "name": "" }]`', rules({ recipients: [{ name: '' }] })],
  [
    '`"recipients": [{ "name": "An agency", "purposes": ["audience_exempt"] }]`, without a preset',
    rules({ recipients: [{ name: 'An agency', purposes: ['audience_exempt'] }] }),
  ],
  ['`"gpc_removes": []`, in the US', { country: 'US', ...rules({ gpc_removes: [] }) }],
  ['`"country": "EU"`', { country: 'EU' }],
  ['`"version": "1.0"`', { version: '1.0' }],
  ['`"cookie_day": 30`', rules({ cookie_day: 30 } as PolicyRules)],
];

function rules(given: { readonly [rule in keyof PolicyRules]?: unknown }): { readonly rules: object } {
  return { rules: given };
}

function basis(purpose: string, given: string): { readonly rules: object } {
  return rules({ purposes: { ...DEFAULT_RULES.purposes, [purpose]: { basis: given } } });
}

function withoutCustomer(): object {
  const { 'keys.customer_id': _, ...left } = DEFAULT_RULES.fields;
  return left;
}

function refusal([written, given]: (typeof REFUSED)[number]): readonly string[] {
  const { faults = [] } = parsePolicy({ policy: 1, version: '1.0.0', ...given });
  const [{ rule, source }] = faults as readonly [PolicyFault];
  if (faults.length !== 1) throw new Error(`${written} has ${faults.length} faults`);
  return [written, rule, source];
}

const keysOf = (properties: Readonly<Record<string, JsonSchema>>): readonly (readonly string[])[] =>
  Object.entries(properties).map(([name, { description }]) => [code(name), description ?? '']);

function builtIn(value: unknown): string {
  if (value === undefined) return 'below';
  if (typeof value !== 'object' || Array.isArray(value)) return ruleText(value);
  return Object.entries(value as object)
    .map(([name, of]) => `${code(name)}: ${ruleText((of as { basis?: string }).basis ?? of)}`)
    .join('; ');
}

const code = (text: string): string => `\`${text}\``;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
