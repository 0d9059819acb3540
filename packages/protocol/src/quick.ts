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
  const kind = kindCheck(def);
  const rules = ((def as core.$ZodTypeDef).checks ?? []).map((check) => ruleCheck(check as core.$ZodChecks));
  if (rules.length === 0) return kind;
  if (rules.length === 1) {
    const [rule] = rules as [SurelyValid];
    return (value) => kind(value) && rule(value);
  }
  return (value) => kind(value) && rules.every((rule) => rule(value));
}

const never: SurelyValid = () => false;

function kindCheck(def: core.$ZodTypes['_zod']['def']): SurelyValid {
  switch (def.type) {
    case 'string':
      return 'format' in def ? formatCheck(def as core.$ZodStringFormatDef) : isText;
    case 'number':
      return numberCheck(def);
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'unknown':
      return () => true;
    case 'literal':
      return oneOf(def.values);
    case 'enum':
      return enumCheck(Object.values(def.entries));
    // In JSON a field is there or not: one that is there is never undefined.
    case 'optional':
      return quickCheck(def.innerType);
    case 'union':
      return anyOf(def.options.map(quickCheck));
    case 'array':
      return arrayCheck(quickCheck(def.element));
    case 'object':
      return objectCheck(def);
    case 'record':
      return isTextKeyed(def) ? isPlainObject : never;
    default:
      return never;
  }
}

const isText: SurelyValid = (value) => typeof value === 'string';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isPlainObject: SurelyValid = (value) => isObject(value) && Object.getPrototypeOf(value) === Object.prototype;

/** Formats whose pattern is all that they ask. */
const PATTERN_FORMATS = new Set(['regex', 'guid', 'datetime']);

function formatCheck({ format, pattern }: Pick<core.$ZodStringFormatDef, 'format' | 'pattern'>): SurelyValid {
  if (!PATTERN_FORMATS.has(format) || !pattern || pattern.global || pattern.sticky) return never;
  // The events of a batch share their visitor, session and page: most texts are the one just seen.
  let lastGood: string | undefined;
  return (value) => {
    if (typeof value !== 'string') return false;
    if (value === lastGood) return true;
    if (!pattern.test(value)) return false;
    lastGood = value;
    return true;
  };
}

function numberCheck(def: core.$ZodNumberDef): SurelyValid {
  const { format } = def as Partial<core.$ZodNumberFormatDef>;
  if (format === 'safeint') return Number.isSafeInteger;
  return format === undefined ? Number.isFinite : never;
}

function oneOf(values: readonly unknown[]): SurelyValid {
  const known = new Set(values);
  return (value) => known.has(value);
}

/** An enum of numbers lists its names beside its values. */
const enumCheck = (values: readonly unknown[]): SurelyValid => (values.every(isText) ? oneOf(values) : never);

const anyOf =
  (options: readonly SurelyValid[]): SurelyValid =>
  (value) =>
    options.some((option) => option(value));

const arrayCheck =
  (item: SurelyValid): SurelyValid =>
  (value) => {
    if (!Array.isArray(value)) return false;
    for (let index = 0; index < value.length; index++) if (!item(value[index])) return false;
    return true;
  };

/** Goes by the fields that are there: an item of a shop has seven of some twenty that it may have. */
function objectCheck({ shape, catchall }: core.$ZodObjectDef): SurelyValid {
  // Without it, unknown keys would be refused or left out.
  if (catchall?._zod.def.type !== 'unknown') return never;
  const fields = new Map(
    Object.entries(shape).map(([key, field]) => [
      key,
      { check: quickCheck(field), required: field._zod.def.type === 'optional' ? 0 : 1 },
    ]),
  );
  const required = [...fields.values()].reduce((sum, field) => sum + field.required, 0);
  return (value) => {
    if (!isObject(value)) return false;
    let found = 0;
    for (const key in value) {
      const field = fields.get(key);
      if (field === undefined) continue;
      if (!field.check(value[key])) return false;
      found += field.required;
    }
    return found === required;
  };
}

/** `z.record(z.string(), z.unknown())`: any object that JSON can write. */
const isTextKeyed = ({ keyType, valueType }: core.$ZodRecordDef): boolean => {
  const key = keyType._zod.def as core.$ZodStringDef;
  return key.type === 'string' && !('format' in key) && !key.checks?.length && valueType._zod.def.type === 'unknown';
};

function ruleCheck(check: core.$ZodChecks): SurelyValid {
  const { def } = check._zod;
  switch (def.check) {
    case 'min_length':
      return (value) => (value as string).length >= def.minimum;
    case 'max_length':
      return (value) => (value as string).length <= def.maximum;
    case 'string_format':
      return formatCheck(def);
    case 'greater_than': {
      const { value: bound, inclusive } = def;
      return inclusive ? (value) => (value as number) >= (bound as number) : never;
    }
    case 'less_than': {
      const { value: bound, inclusive } = def;
      return inclusive ? (value) => (value as number) <= (bound as number) : never;
    }
    default:
      return refineCheck(def);
  }
}

/** `.refine`: a function of the value that is asked once all fields are good. */
function refineCheck(def: core.$ZodCheckDef): SurelyValid {
  const { fn } = def as Partial<core.$ZodCustomDef>;
  return def.check === 'custom' && fn ? (value) => fn(value) === true : never;
}
