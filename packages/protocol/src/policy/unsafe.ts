import { LIMITS } from '../limits.ts';
import type { Step } from './law/law.ts';
import { FORMAT } from './terms.ts';

/** Bytes of a policy as JSON. */
export const MAX_POLICY_BYTES = 64 * 1024;

interface Unsafe {
  readonly steps: readonly Step[];
  readonly value?: unknown;
  readonly rule: string;
  readonly source: string;
}

const TOO_LARGE = `must be at most ${MAX_POLICY_BYTES / 1024} KB of JSON`;

/** What must not even be looked into: too large, too deep, keys that set a prototype, what JSON cannot say. */
export function unsafeOf(value: unknown): readonly Unsafe[] {
  const found: Unsafe[] = [];
  walk(value, [], found);
  if (found.length === 0 && Buffer.byteLength(JSON.stringify(value) ?? '') > MAX_POLICY_BYTES)
    found.push({ steps: [], rule: TOO_LARGE, source: FORMAT });
  return found;
}

/** Faults told at most: a list of thousands helps nobody. */
const MAX_TOLD = 100;

function walk(value: unknown, steps: readonly Step[], found: Unsafe[]): void {
  if (found.length >= MAX_TOLD) return;
  const rule = ruleAgainst(value, steps.length);
  if (rule !== undefined) found.push({ steps, rule, source: FORMAT });
  if (rule !== undefined || typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    const inner = [...steps, Array.isArray(value) ? Number(key) : key];
    if (key === '__proto__') found.push({ steps: inner, rule: 'the key is reserved', source: FORMAT });
    else walk((value as Record<string, unknown>)[key], inner, found);
  }
}

/** What one value breaks, whatever is in it. */
function ruleAgainst(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string' && /\p{Surrogate}/u.test(value)) return 'must be text in Unicode, without half a pair';
  if (typeof value === 'number' && !Number.isFinite(value)) return 'must be a number that JSON can say';
  if (['function', 'symbol', 'bigint'].includes(typeof value)) return `must be JSON, and is a ${typeof value}`;
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth >= LIMITS.depth) return `must be nested at most ${LIMITS.depth} deep`;
  return isPlain(value) ? undefined : 'must be JSON, and is another kind of object';
}

/** A list, or an object whose prototype is that of a literal, of whatever realm: code of a policy may come from another. */
function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
