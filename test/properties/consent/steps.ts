import { PURPOSES, type Purpose } from '@parcours/protocol';
import fc from 'fast-check';

/** The two tabs of one browser. */
export const TABS = [0, 1] as const;
export type Tab = (typeof TABS)[number];

/** What may happen, in any order: what a visitor does, what the page does, what the network does. */
export type Step =
  /** A page is loaded in a tab, in place of the one that was there; `campaign`: by an address that names one. */
  | { readonly do: 'load'; readonly tab: Tab; readonly campaign: boolean }
  | { readonly do: 'close'; readonly tab: Tab }
  /** The visitor chooses on the banner of a tab; nothing granted is a refusal, or a withdrawal. */
  | { readonly do: 'choose'; readonly tab: Tab; readonly purposes: readonly Purpose[] }
  /** The consent manager of a tab says once more what the visitor chose last. */
  | { readonly do: 'report'; readonly tab: Tab }
  | { readonly do: 'track'; readonly tab: Tab }
  | { readonly do: 'identify'; readonly tab: Tab }
  /** A logout. */
  | { readonly do: 'reset'; readonly tab: Tab }
  | { readonly do: 'network'; readonly up: boolean }
  | { readonly do: 'wait' };

/** The purposes that the built-in rules let a visitor grant. */
export const GRANTABLE = PURPOSES.filter((purpose) => purpose !== 'necessary' && purpose !== 'audience_exempt');

const tab = fc.constantFrom(...TABS);

/** Mostly choices that say something: everything, the least, nothing, some. */
const purposes = fc.oneof(
  { weight: 3, arbitrary: fc.constant(GRANTABLE) },
  { weight: 2, arbitrary: fc.constant(['audience'] as const) },
  { weight: 2, arbitrary: fc.subarray([...GRANTABLE]).map((some) => [...new Set(['audience' as const, ...some])]) },
  { weight: 1, arbitrary: fc.subarray([...GRANTABLE]) },
  { weight: 2, arbitrary: fc.constant([]) },
);

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('load' as const), tab, campaign: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const), tab }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('choose' as const), tab, purposes }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('report' as const), tab }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('track' as const), tab }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('identify' as const), tab }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reset' as const), tab }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('network' as const), up: fc.boolean() }) },
  { weight: 2, arbitrary: fc.constant({ do: 'wait' as const }) },
);

/** A browser's life; `gpc`: it asks not to be followed. */
export interface Life {
  readonly gpc: boolean;
  readonly steps: readonly Step[];
}

/** Lives in which pages are there before anything else happens. */
export const life: fc.Arbitrary<Life> = fc.record({
  gpc: fc.boolean(),
  steps: fc
    .array(step, { minLength: 1, maxLength: 16, size: 'max' })
    .map((steps): readonly Step[] => [
      { do: 'load', tab: 0, campaign: true },
      { do: 'load', tab: 1, campaign: true },
      ...withOnePerson(steps),
    ]),
});

/** One person a page: who it is is told once, and the logout, after which nobody's keys are sent, comes on another page. */
function withOnePerson(steps: readonly Step[]): readonly Step[] {
  const told = new Set<Tab>();
  return steps.filter((step) => {
    if (step.do === 'load') told.delete(step.tab);
    if (step.do !== 'identify' && step.do !== 'reset') return true;
    if (told.has(step.tab)) return false;
    if (step.do === 'identify') told.add(step.tab);
    return true;
  });
}
