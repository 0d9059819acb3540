import type { BrowserPolicy, EventRecord } from '@parcours/protocol';
import { isPolicy } from './consent/browser_policy.ts';
import type { ConsentSource } from './consent/source.ts';
import type { DropListener } from './drops.ts';
import type { Observer } from './observers/observer.ts';

/** An event as it is captured: who and by which grant is added when it is queued. */
export interface CapturedEvent extends Omit<EventRecord, 'stamp' | 'visitor_id' | 'session_id' | 'props'> {
  props?: unknown;
}

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
  /**
   * The site's part of the consent policy, whole, as `parcours policy show --site <id> --browser` prints it. Default: asked
   * of the collector, beside the endpoint. Nothing is granted before it is there.
   */
  readonly policy?: BrowserPolicy | undefined;
  /** What is watched without being told. Default: page views; `[]` for nothing. */
  readonly observers?: readonly Observer[] | undefined;
  /**
   * Query keys that stay in addresses and tell pages apart, such as `['q']`. Default: none. Those of campaigns (`utm_…`,
   * `pc_code`, `pc_place`, and of click ids the name) are told besides, with the view that they brought.
   */
  readonly queryKeys?: readonly string[] | undefined;
  /** Says on the console each event with the state of consent, and what goes wrong. Default: false, silent. */
  readonly debug?: boolean | undefined;
  /** Sees a copy of each event once, as it is captured: returns it, changed or not, or anything else to let it go. */
  readonly beforeSend?: ((event: CapturedEvent) => CapturedEvent | null | undefined) | undefined;
  /** Told of each loss, as `onDrop()`. */
  readonly onDrop?: DropListener | undefined;
}

type Rule = readonly [must: string, holds: (value: unknown) => boolean];

const isText = (value: unknown): boolean => !!value && typeof value === 'string';
const isFunction = (value: unknown): boolean => typeof value === 'function';
/** Whether requests can go there: one that only looks so would fail at each, and nobody be told. */
const isEndpoint = (value: unknown): boolean => {
  try {
    const { protocol, host, username, password } = new URL(value as string);
    return /^https?:$/.test(protocol) && host !== '' && username + password === '' && /^https?:\/\//i.test(`${value}`);
  } catch {
    return false;
  }
};

const aText: Rule = ['a text', isText];
const aFunction: Rule = ['a function', isFunction];

const REQUIRED: readonly string[] = ['endpoint', 'site', 'key'];

/** What each option must be. */
const RULES: Readonly<Record<keyof TrackerOptions, Rule>> = {
  endpoint: ['an absolute URL', isEndpoint],
  site: aText,
  key: aText,
  consent: ['a consent source', (value) => isFunction((value as Partial<ConsentSource> | null)?.start)],
  policy: ['a policy', isPolicy],
  observers: ['an array of observers', (value) => Array.isArray(value) && value.every(isFunction)],
  queryKeys: ['an array of texts', (value) => Array.isArray(value) && value.every(isText)],
  debug: ['true or false', (value) => typeof value === 'boolean'],
  beforeSend: aFunction,
  onDrop: aFunction,
};

/** What is wrong with the first option that is missing, unknown or of the wrong kind; '' for nothing. */
export function optionFault(options: TrackerOptions): string {
  for (const name of new Set([...REQUIRED, ...Object.keys(options)])) {
    if (!Object.hasOwn(RULES, name)) return `[parcours] option "${name}" is unknown`;
    const [must, holds] = RULES[name as keyof TrackerOptions];
    const value = options[name as keyof TrackerOptions];
    const isLeftOut = value === undefined && !REQUIRED.includes(name);
    if (!isLeftOut && !holds(value)) return `[parcours] option "${name}" must be ${must}`;
  }
  return '';
}
