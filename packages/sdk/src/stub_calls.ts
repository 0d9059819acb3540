import type { Tracker } from './tracker_types.ts';

export type Method = keyof Tracker;

/** A call made before the tracker was there. */
export type Call = readonly [method: Method, args: readonly unknown[]];

/** `window.parcours`: the stub's methods note calls by `q.push`, until the tracker takes both over. */
export type Stub = { [method in Method]: (...args: readonly unknown[]) => unknown } & {
  q: { push(call: Call): unknown };
};
