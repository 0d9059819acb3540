import type { FailedCode } from './reasons.ts';

/** Where and why a value is outside the wire's limits. The path reads `props.items[0].price`. */
export interface ShapeFault {
  readonly code: Extract<FailedCode, 'too_deep' | 'too_many_keys' | 'forbidden_key' | 'number_out_of_range'>;
  readonly path: string;
}

interface ShapeLimits {
  readonly depth: number;
  readonly keys: number;
}

/**
 * The first fault of nesting, key count, reserved key or number in a decoded JSON value, if there is one.
 * Never recurses deeper than the limit, so hostile nesting costs nothing.
 */
export const shapeFault = (value: unknown, limits: ShapeLimits): ShapeFault | undefined =>
  isGood(value, limits, 1) ? undefined : walk(value, limits, 1, '');

/** Whether there is no fault: nearly always, so the walk that keeps account of paths is spared. Texts, most of all values, without a call. */
function isGood(value: unknown, limits: ShapeLimits, depth: number): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth > limits.depth) return false;
  if (Array.isArray(value)) {
    if (value.length > limits.keys) return false;
    for (let index = 0; index < value.length; index++) {
      const item = value[index];
      if (typeof item !== 'string' && !isGood(item, limits, depth + 1)) return false;
    }
    return true;
  }
  let keys = 0;
  for (const key in value) {
    if (++keys > limits.keys || key === '__proto__') return false;
    const field = (value as Record<string, unknown>)[key];
    if (typeof field !== 'string' && !isGood(field, limits, depth + 1)) return false;
  }
  return true;
}

function walk(value: unknown, limits: ShapeLimits, depth: number, path: string): ShapeFault | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : { code: 'number_out_of_range', path };
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > limits.depth) return { code: 'too_deep', path };
  if (Array.isArray(value)) {
    if (value.length > limits.keys) return { code: 'too_many_keys', path };
    for (let index = 0; index < value.length; index++) {
      const fault = isPlain(value[index]) ? undefined : walk(value[index], limits, depth + 1, `${path}[${index}]`);
      if (fault) return fault;
    }
    return undefined;
  }
  const keys = Object.keys(value);
  if (keys.length > limits.keys) return { code: 'too_many_keys', path };
  for (const key of keys) {
    // Assigning it would set a prototype instead of a field.
    if (key === '__proto__') return { code: 'forbidden_key', path: join(path, key) };
    const child = (value as Record<string, unknown>)[key];
    const fault = isPlain(child) ? undefined : walk(child, limits, depth + 1, join(path, key));
    if (fault) return fault;
  }
  return undefined;
}

/** Strings, booleans and null have no shape: spares building a path for nearly every field. */
const isPlain = (value: unknown): boolean =>
  value === null || (typeof value !== 'object' && typeof value !== 'number') || Number.isFinite(value);

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);
