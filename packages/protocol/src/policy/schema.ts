/**
 * `consent.policy.json` as a zod schema: the form of a policy. What the law says of its content is under `law/`.
 * What each key is for is said here, and nowhere else: the JSON Schema and the reference are made of it.
 */
import { z } from 'zod';
import { DEFAULT_SOURCES } from '../consent/default_sources.ts';
import { BEFORE_CHOICE, LEGAL_BASES, type Policy, PRESETS } from '../consent/policy.ts';
import { PURPOSES, type Purpose } from '../consent/purposes.ts';
import { LIMITS } from '../limits.ts';
import { same } from '../records/define.ts';
import { COUNTRY_CODES } from './country_codes.ts';
import { FIELD_NAMES, isField } from './fields.ts';
import { MAXIMA } from './maxima.ts';
import { nearest } from './nearest.ts';
import { TERMS } from './terms.ts';

/** https://semver.org, "Is there a suggested regular expression". */
const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$/;

const country = z
  .string(TERMS.country.rule)
  .refine((code) => COUNTRY_CODES.has(code), TERMS.country.rule)
  .meta({ pattern: '^[A-Z]{2}$' });

/** The words of a rule that names what was probably meant. */
const unknownName = (what: string, known: readonly string[]) => (issue: { readonly input?: unknown }) => {
  const near = typeof issue.input === 'string' ? nearest(issue.input, known) : undefined;
  return `is not ${what}${near === undefined ? `; there are ${known.join(', ')}` : `; did you mean "${near}"?`}`;
};

/** An object with these keys and no other. */
const object = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, { error: ({ code }) => (code === 'invalid_type' ? 'must be an object' : undefined) });

/** An object whose keys are the user's. */
const record = <Key extends z.ZodType<string, string>, Value extends z.ZodType>(key: Key, value: Value) =>
  z.record(key, value, 'must be an object');

const purpose = z.enum(PURPOSES, { error: unknownName('a purpose', PURPOSES) });

const once = (list: readonly string[], context: z.RefinementCtx): void => {
  list.forEach((item, at) => {
    if (list.indexOf(item) !== at)
      context.addIssue({ code: 'custom', path: [at], message: TERMS.purposeTwice.rule, input: item });
  });
};

const purposes = z.array(purpose, TERMS.purposes.rule).superRefine(once);
const somePurposes = z.array(purpose, TERMS.purposes.rule).min(1, TERMS.noPurpose.rule).superRefine(once);

const signals = z
  .array(
    z
      .string(TERMS.signal.rule)
      .max(LIMITS.stampChars, TERMS.signal.rule)
      .regex(/^\S(.*\S)?$/, TERMS.signal.rule),
    TERMS.signals.rule,
  )
  .min(1, TERMS.noSignal.rule)
  .max(20, TERMS.signals.rule)
  .superRefine(once);

const recipientName = z
  .string(TERMS.recipient.rule)
  .max(LIMITS.stampChars, TERMS.recipient.rule)
  .regex(/^\S(.*\S)?$/, TERMS.recipient.rule);

const recipients = z
  .array(
    object({
      name: recipientName.describe('Who it is, or what kind of recipients'),
      purposes: somePurposes.optional().describe('The purposes that they are given data for. Default: every one'),
    }),
    TERMS.recipients.rule,
  )
  .max(50, TERMS.recipients.rule);

const ofEachPurpose = <T extends z.ZodType>(of: T) =>
  object(Object.fromEntries(PURPOSES.map((name) => [name, of])) as { [name in Purpose]: T });

const basis = z.enum(LEGAL_BASES, {
  error: ({ input }) => (/legit/i.test(String(input)) ? TERMS.legitimateInterest.rule : TERMS.basis.rule),
});

/** A number of days. Its maximum is told to editors here and judged with its reason under `law/`. */
const days = (name: keyof typeof MAXIMA) => {
  const { maximum } = MAXIMA[name];
  return z.int(TERMS.days.rule).min(1, TERMS.days.rule).meta({ maximum });
};

const retentionFields = {
  audience_exempt_days: days('audience_exempt_days').optional().describe('What was told without consent as exempt'),
  events_days: days('events_days').optional().describe('Events'),
  profiles_days: days('profiles_days').optional().describe('Profiles, after their last activity'),
  receipts_days: days('receipts_days').optional().describe('Receipts, after the end of the choice that they prove'),
  tombstones_days: days('tombstones_days')
    .optional()
    .describe('Marks of the erased, by which what comes late stays away; not less than `cookie_days`'),
  audit_days: days('audit_days')
    .optional()
    .describe('Entries of the audit log, which is of all sites: the longest counts, and never less than `events_days`'),
};

const sourceName = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, {
  error: ({ input }) => {
    const near = nearest(String(input), Object.keys(DEFAULT_SOURCES));
    return `${TERMS.sourceName.rule}${near === undefined ? '' : `; did you mean "${near}"?`}`;
  },
});

const eventType = z.string().regex(/^([a-z][a-z0-9_]{0,63}|\*)$/, TERMS.event.rule);

const field = z.string().refine(isField, { error: unknownName('a field that can be gated', FIELD_NAMES) });

const rules = {
  preset: z
    .enum(PRESETS, { error: unknownName('a preset', PRESETS) })
    .optional()
    .describe(
      'Measures without consent under all the conditions of a country’s exemption: `cnil-fr-2025` is France’s for audience measurement. Sets `before_choice` and the purpose `audience_exempt` where the same layer says nothing else',
    ),
  exempt: object({
    after_refusal: z.boolean('must be true or false').optional(),
    cookieless: z.boolean('must be true or false').optional(),
  })
    .meta({ id: 'exempt' })
    .optional()
    .describe(
      'What a site adds to its preset: `after_refusal` measures whoever refused too, until they object; `cookieless` counts the visitors of a day by a keyed hash whose key is gone two days later',
    ),
  purposes: ofEachPurpose(object({ basis }).optional())
    .meta({ id: 'purposes' })
    .optional()
    .describe('The purposes that may be granted, each with its legal basis. One that is not listed cannot be'),
  before_choice: z
    .enum(BEFORE_CHOICE, TERMS.beforeChoice.rule)
    .optional()
    .describe(
      'What happens to events before the choice: `memory` holds them in the page’s memory, `drop` lets them go, `exempt` tells of them what the preset lets through',
    ),
  choice_days: days('choice_days')
    .optional()
    .describe('Days for which a choice stands, a refusal too; then it is as if none had been made'),
  cookie_days: days('cookie_days')
    .optional()
    .describe('Days from first issue that a visitor’s id lives; never prolonged'),
  events: record(eventType, somePurposes)
    .meta({ id: 'events' })
    .optional()
    .describe(
      'The types of events that are taken, `*` for every other, each with purposes of which one must be granted. Every event needs `audience` besides',
    ),
  fields: record(field, somePurposes)
    .meta({ id: 'fields' })
    .optional()
    .describe(
      'The purposes of which one must be granted for a field to be kept: a column, `utm_*`, `keys.<key>` or `props.<name>`. A field that is not listed needs `audience`',
    ),
  gpc_removes: purposes.optional().describe('What a browser’s Global Privacy Control takes away'),
  sources: record(sourceName, ofEachPurpose(signals.optional()))
    .meta({ id: 'sources' })
    .optional()
    .describe(
      'By consent source: the signals, in the source’s own terms, that must all be true for a purpose to be granted. A source that is not listed grants nothing',
    ),
  retention: object(retentionFields)
    .meta({ id: 'retention' })
    .optional()
    .describe('Days for which each class of data is kept'),
  recipients: recipients
    .meta({ id: 'recipients' })
    .optional()
    .describe(
      'Who is given data, or what kind of recipients, each with the purposes for which: whoever asks for what is held of them is told. Hosts and processors too',
    ),
  report_k: z
    .int(TERMS.groups.rule)
    .min(1, TERMS.groups.rule)
    .meta({ minimum: 5 })
    .optional()
    .describe('Reports show no group of fewer people'),
  debug: z.boolean('must be true or false').optional().describe('Whether the pages may show the consent debugger'),
};

export const policySchema = object({
  $schema: z
    .string('must be the address of a schema')
    .optional()
    .describe('Where editors find the schema of this file; no part of the policy'),
  policy: z.literal(1, TERMS.policy.rule).describe('Version of the format'),
  version: z
    .string(TERMS.version.rule)
    .max(64, TERMS.version.rule)
    .regex(SEMVER, TERMS.version.rule)
    .describe('Version of this policy. Once published, its content never changes'),
  country: country.optional().describe('Country of the sites that name none, whose law the limits follow. Default FR'),
  rules: object(rules).optional().describe('For every site, over the built-in rules'),
  countries: record(country, object(rules)).optional().describe('For the sites of a country, over `rules`'),
  sites: record(
    z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, TERMS.site.rule),
    object({ country: country.optional().describe('Country of this site'), ...rules }),
  )
    .optional()
    .describe('For one site, over both'),
});

/** The JSON Schema of a policy file: for editors, and for whoever writes one by program. */
export const policyJsonSchema = (): Readonly<Record<string, unknown>> =>
  z.toJSONSchema(policySchema, { target: 'draft-2020-12', io: 'input' });

/** As interfaces have it that nobody changes. */
type Deep<T> = T extends readonly (infer Item)[]
  ? readonly Deep<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: Deep<T[K]> }
    : T;

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

same<Equal<Deep<Policy>, Deep<z.input<typeof policySchema>>>>();
same<Equal<Deep<Policy>, Deep<z.output<typeof policySchema>>>>();

interface Inner {
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly valueType?: unknown;
}

/** The keys that an object of a policy may have. */
export function knownKeys(steps: readonly (string | number)[]): readonly string[] {
  let schema: unknown = policySchema;
  for (const step of steps) {
    const { shape, valueType } = unwrapped(schema);
    schema = valueType ?? shape?.[step];
  }
  return Object.keys(unwrapped(schema).shape ?? {}).filter((key) => key !== '$schema');
}

/** What lies under what makes a schema optional. */
function unwrapped(schema: unknown): Inner {
  let here = schema as { readonly unwrap?: () => unknown } & Inner;
  while (here?.unwrap && !here.shape && !here.valueType) here = here.unwrap() as typeof here;
  return here ?? {};
}
