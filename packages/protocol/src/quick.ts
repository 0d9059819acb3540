import type { core } from 'zod';

/** Whether a value surely satisfies a schema. `false` says nothing: ask the schema. */
export type SurelyValid = (value: unknown) => boolean;

/**
 * Reads a schema and makes of it a check that only says yes or nothing, for the many events that are as they should be:
 * a tenth of the time of the schema itself, which copies what it reads and gathers faults on the way. No rule is written
 * twice: bounds, patterns and refinements are the schema's own.
 *
 * It knows the kinds of schema that records are made of, all of which leave a JSON value as it is. A kind or a rule that it
 * does not know is never surely valid, so it can be slower than the schema but not looser.
 */
export function quickCheck(schema: core.$ZodType): SurelyValid {
  const { def } = (schema as core.$ZodTypes)._zod;
  switch (def.type) {
    case 'string':
      return textCheck(def);
    case 'number':
      return numberCheck(def);
    case 'object':
      return objectCheck(def);
    case 'array':
      return arrayCheck(def);
    case 'record':
      return isFreeRecord(def) ? isPlainObject : never;
  }
  // None of the kinds below is known with rules of its own.
  if (rulesOf(def).length > 0) return never;
  switch (def.type) {
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'unknown':
      return always;
    case 'literal':
      return oneOf(def.values);
    case 'enum':
      return enumCheck(Object.values(def.entries));
    // In JSON a field is there or not: one that is there is never undefined.
    case 'optional':
      return quickCheck(def.innerType);
    case 'union':
      return anyOf(def.options.map(quickCheck));
    default:
      return never;
  }
}

const never: SurelyValid = () => false;
const always: SurelyValid = () => true;

type Rule = core.$ZodChecks['_zod']['def'];

const rulesOf = (def: core.$ZodTypeDef): Rule[] => (def.checks ?? []).map((check) => check._zod.def as Rule);

/** Formats whose pattern is all that they ask. */
const PATTERN_FORMATS = new Set(['regex', 'guid', 'datetime']);

function textCheck(def: core.$ZodStringDef): SurelyValid {
  let min = 0;
  let max = Number.POSITIVE_INFINITY;
  const patterns: RegExp[] = [];
  for (const rule of 'format' in def ? [def as unknown as Rule, ...rulesOf(def)] : rulesOf(def)) {
    if (rule.check === 'min_length') min = Math.max(min, rule.minimum);
    else if (rule.check === 'max_length') max = Math.min(max, rule.maximum);
    else if (rule.check === 'string_format' && PATTERN_FORMATS.has(rule.format) && rule.pattern)
      patterns.push(rule.pattern);
    else return never;
  }
  const isLong = (value: unknown): value is string =>
    typeof value === 'string' && value.length >= min && value.length <= max;
  const [pattern] = patterns;
  if (!pattern) return isLong;
  // Such a pattern remembers where it stopped.
  if (patterns.length > 1 || pattern.global || pattern.sticky) return never;
  // The events of a batch share their visitor, session and page: most texts are the one just seen.
  let lastGood: string | undefined;
  return (value) => {
    if (!isLong(value)) return false;
    if (value === lastGood) return true;
    if (!pattern.test(value)) return false;
    lastGood = value;
    return true;
  };
}

function numberCheck(def: core.$ZodNumberDef): SurelyValid {
  const { format } = def as Partial<core.$ZodNumberFormatDef>;
  if (format !== undefined && format !== 'safeint') return never;
  let min = format ? Number.MIN_SAFE_INTEGER : -Number.MAX_VALUE;
  let max = format ? Number.MAX_SAFE_INTEGER : Number.MAX_VALUE;
  for (const rule of rulesOf(def)) {
    if (rule.check === 'greater_than' && rule.inclusive) min = Math.max(min, Number(rule.value));
    else if (rule.check === 'less_than' && rule.inclusive) max = Math.min(max, Number(rule.value));
    else return never;
  }
  const isWithin = (value: unknown): boolean => typeof value === 'number' && value >= min && value <= max;
  return format ? (value) => isWithin(value) && Number.isInteger(value) : isWithin;
}

/** As JSON has them: no array, not null. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A field of an object, or a key that its schema does not know. */
interface Field {
  readonly key: string;
  readonly check: SurelyValid;
  /** 1 or 0. */
  readonly required: number;
}

/** Goes by the fields that are there: an item of a shop has seven of some twenty that it may have. */
function objectCheck(def: core.$ZodObjectDef): SurelyValid {
  // Without it, unknown keys would be refused or left out.
  if (def.catchall?._zod.def.type !== 'unknown') return never;
  const refinements = rulesOf(def).map(refinement);
  const fields = new Map<string, Field>();
  for (const [key, schema] of Object.entries(def.shape)) {
    const required = schema._zod.def.type === 'optional' ? 0 : 1;
    fields.set(key, { key, check: quickCheck(schema), required });
  }
  const required = [...fields.values()].reduce((sum, field) => sum + field.required, 0);
  // One sender writes its fields in one order: what stood here in the last object mostly stands here in this one.
  const order: Field[] = [];
  return (value) => {
    if (!isObject(value)) return false;
    let found = 0;
    let at = 0;
    for (const key in value) {
      let field = order[at];
      if (field?.key !== key) {
        field = fields.get(key) ?? { key, check: always, required: 0 };
        order[at] = field;
      }
      at++;
      if (!field.check(value[key])) return false;
      found += field.required;
    }
    if (found !== required) return false;
    // Asked once all fields are good, as the schema does.
    for (const isRefined of refinements) if (!isRefined(value)) return false;
    return true;
  };
}

/** `.refine`: a function of the value. */
const refinement = (rule: Rule): SurelyValid => {
  const { check, fn } = rule as { readonly check: string; readonly fn?: (value: unknown) => unknown };
  return check === 'custom' && fn ? (value) => fn(value) === true : never;
};

function arrayCheck(def: core.$ZodArrayDef): SurelyValid {
  const item = quickCheck(def.element);
  let max = Number.POSITIVE_INFINITY;
  for (const rule of rulesOf(def)) {
    if (rule.check !== 'max_length') return never;
    max = Math.min(max, rule.maximum);
  }
  return (value) => {
    if (!Array.isArray(value) || value.length > max) return false;
    for (let index = 0; index < value.length; index++) if (!item(value[index])) return false;
    return true;
  };
}

/** `z.record(z.string(), z.unknown())`: any object that JSON can write. */
const isFreeRecord = (def: core.$ZodRecordDef): boolean => {
  const key = def.keyType._zod.def;
  const isAnyKey = key.type === 'string' && !('format' in key) && rulesOf(key).length === 0;
  return isAnyKey && def.valueType._zod.def.type === 'unknown' && rulesOf(def).length === 0;
};

const isPlainObject: SurelyValid = (value) => isObject(value) && Object.getPrototypeOf(value) === Object.prototype;

function oneOf(values: readonly unknown[]): SurelyValid {
  const known = new Set(values);
  return (value) => known.has(value);
}

/** An enum of numbers lists its names beside its values. */
const enumCheck = (values: readonly unknown[]): SurelyValid =>
  values.every((value) => typeof value === 'string') ? oneOf(values) : never;

const anyOf =
  (options: readonly SurelyValid[]): SurelyValid =>
  (value) =>
    options.some((option) => option(value));
