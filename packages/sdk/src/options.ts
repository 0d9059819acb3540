import type { EventRecord } from '@parcours/protocol';
import type { ConsentSource } from './consent/source.ts';
import type { DropListener } from './drops.ts';
import type { Observer } from './observers/observer.ts';

/** An event as `beforeSend` sees it: its consent stamp is not its to change. */
export type SentEvent = Omit<EventRecord, 'stamp'>;

/** How a tracker is made. */
export interface TrackerOptions {
  /** Where batches go: the absolute URL of the collector's `/v1/events`. */
  readonly endpoint: string;
  /** Site id, as the collector knows it. */
  readonly site: string;
  /** The site's public write key. */
  readonly key: string;
  /** Where choices come from besides `consent()`. Default: nowhere. */
  readonly consent?: ConsentSource | undefined;
  /** What is watched without being told. Default: page views; `[]` for nothing. */
  readonly observers?: readonly Observer[] | undefined;
  /**
   * Query keys that stay in addresses and tell pages apart (`utm_` ones only stay). Default: the six `utm_` keys of
   * campaigns. A list replaces the default, so name those in it too where campaigns matter.
   */
  readonly queryKeys?: readonly string[] | undefined;
  /** Says on the console what goes wrong. Default: false, silent. */
  readonly debug?: boolean | undefined;
  /** Sees each event once, after the grant: returns it, changed or not, or anything else to let it go. */
  readonly beforeSend?: ((event: SentEvent) => SentEvent | null | undefined) | undefined;
  /** Told of each loss, as `onDrop()`. */
  readonly onDrop?: DropListener | undefined;
}

type Rule = readonly [must: string, holds: (value: unknown) => boolean];

const isText = (value: unknown): boolean => !!value && typeof value === 'string';

/** What cannot be done without, and what it must be. */
export const REQUIRED: Readonly<Record<'endpoint' | 'site' | 'key', Rule>> = {
  endpoint: ['an absolute URL', (value) => /^https?:\/\/./.test(value as string)],
  site: ['a text', isText],
  key: ['a text', isText],
};

const isFunction = (value: unknown): boolean => typeof value === 'function';
const aFunction: Rule = ['a function', isFunction];

/** What may be absent. */
export const OPTIONAL: Readonly<Record<Exclude<keyof TrackerOptions, keyof typeof REQUIRED>, Rule>> = {
  consent: ['a consent source', (value) => isFunction((value as Partial<ConsentSource> | null)?.start)],
  observers: ['an array of observers', (value) => Array.isArray(value) && value.every((one) => isFunction(one?.start))],
  queryKeys: ['an array of texts', (value) => Array.isArray(value) && value.every(isText)],
  debug: ['true or false', (value) => typeof value === 'boolean'],
  beforeSend: aFunction,
  onDrop: aFunction,
};

/** What is wrong with the first option that breaks a rule, or nothing: `[parcours] option "site" must be a text`. */
export function optionFault(options: object, rules: Readonly<Record<string, Rule>>): string | undefined {
  for (const name in rules) {
    const [must, holds] = rules[name]!;
    if (!holds(options[name as keyof typeof options])) return `[parcours] option "${name}" must be ${must}`;
  }
  return undefined;
}
