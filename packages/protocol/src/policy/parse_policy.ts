import type { z } from 'zod';
import type { Policy } from '../consent/policy.ts';
import { LAWS } from './law/index.ts';
import { breachesOf, type Step } from './law/law.ts';
import { nearest } from './nearest.ts';
import { knownKeys, policySchema } from './schema.ts';
import { sourceOf } from './terms.ts';
import { unsafeOf } from './unsafe.ts';

/** One thing that is wrong with a policy. */
export interface PolicyFault {
  /** `sites.shop-fr.fields["keys.customer_id"][0]`; empty for the whole document. */
  readonly path: string;
  /** The same in steps. */
  readonly steps: readonly Step[];
  /** What stands there; absent where nothing does. */
  readonly value?: unknown;
  /** The rule that it breaks, in words. */
  readonly rule: string;
  /** Where the rule comes from: a law, a standard, or the format of policies. */
  readonly source: string;
}

export type ParsedPolicy =
  | { readonly policy: Policy; readonly faults?: undefined }
  | { readonly policy?: undefined; readonly faults: readonly PolicyFault[] };

/**
 * A policy from the value of its JSON, or all that is wrong with it: form, numbers and law at once. Never throws.
 *
 * Rules whose form is wrong are left out before the law is asked, so that one mistake is told once.
 */
export function parsePolicy(json: unknown): ParsedPolicy {
  const unsafe = unsafeOf(json);
  if (unsafe.length > 0) return { faults: unsafe.map(placed) };
  const parsed = policySchema.safeParse(json);
  const issues = parsed.error?.issues ?? [];
  const policy = (parsed.success ? parsed.data : wellFormed(json, issues)) as Policy | undefined;
  const faults = [
    ...issues.flatMap((issue) => faultsOf(issue, json)),
    ...(policy ? breachesOf(policy, LAWS) : []).map(placed),
  ];
  // What JSON cannot say, such as an optional key that is undefined, is no part of what is hashed and kept.
  return faults.length > 0 ? { faults } : { policy: JSON.parse(JSON.stringify(policy)) };
}

/** What is left of a policy without the rules that are not well formed; undefined where nothing can be said of it. */
function wellFormed(json: unknown, issues: readonly z.core.$ZodIssue[]): Policy | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const left = structuredClone(json) as Record<string, unknown>;
  Object.assign(left, { policy: 1, version: '0.0.0' });
  for (const issue of issues) {
    const path = issue.path as Step[];
    if (issue.code === 'unrecognized_keys') for (const key of issue.keys) remove(left, [...path, key]);
    else remove(left, path.slice(0, ruleDepth(path)));
  }
  const parsed = policySchema.safeParse(left);
  return parsed.success ? (parsed.data as Policy) : undefined;
}

/** How many steps lead to a rule: `rules.events`, `sites.shop.events`. */
const ruleDepth = ([first]: readonly Step[]): number => (first === 'rules' ? 2 : 3);

function remove(from: Record<string, unknown>, steps: readonly Step[]): void {
  const [last, ...before] = [...steps].reverse();
  if (last === undefined || last === 'policy' || last === 'version') return;
  const holder = before.reverse().reduce<unknown>((here, step) => (here as Record<Step, unknown>)?.[step], from);
  if (typeof holder === 'object' && holder !== null) delete (holder as Record<Step, unknown>)[last];
}

function faultsOf(issue: z.core.$ZodIssue, json: unknown): readonly PolicyFault[] {
  const steps = issue.path as readonly Step[];
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(steps);
    return issue.keys.map((key) => {
      const near = nearest(key, known);
      const rule = `unknown key${near ? `; did you mean "${near}"?` : `; there are ${known.join(', ')}`}`;
      return placed({ steps: [...steps, key], value: valueAt(json, [...steps, key]), rule, source: sourceOf(rule) });
    });
  }
  // Of a key that is wrong the rule is the key's own.
  const inner = issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined;
  const rule = inner ?? issue.message;
  const value = issue.code === 'invalid_key' ? steps.at(-1) : valueAt(json, steps);
  return [placed({ steps, value, rule, source: sourceOf(rule) })];
}

const placed = ({ steps, value, rule, source }: Omit<PolicyFault, 'path'>): PolicyFault => ({
  ...{ path: pathText(steps), steps },
  ...(value !== undefined && { value }),
  ...{ rule, source },
});

const valueAt = (json: unknown, steps: readonly Step[]): unknown =>
  steps.reduce<unknown>(
    (here, step) => (typeof here === 'object' && here !== null ? (here as Record<Step, unknown>)[step] : undefined),
    json,
  );

/** A path as people write it. */
export const pathText = (steps: readonly Step[]): string =>
  steps
    .map((step) => {
      if (typeof step === 'number') return `[${step}]`;
      return /^[\w$-]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
    })
    .join('')
    .replace(/^\./, '');
