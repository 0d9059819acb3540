import type { EventMap } from '@parcours/protocol';
import type { MicroClient } from '../connect_micro.ts';
import { show } from '../lines.ts';
import type { SeenEvent } from '../seen.ts';
import { type Expected, mismatches } from './expected.ts';
import { type MatcherOptions, type MatcherState, quietOf, timeoutOf, type Verdict } from './matcher.ts';
import { eventLine, insteadOf } from './report.ts';
import { watch } from './watch.ts';

/** GA4's names and those of Parcours, and any name of your own. */
export type EventType = keyof EventMap | (string & {});

/**
 * An event of the type, as expected, has been accepted, or is within `timeout`. With `.not`: none has been, nor is within
 * `quiet`.
 *
 * @example
 * await expect(micro).toHaveReceived('purchase', { transaction_id: 'W-1', value: 119.9, amount_minor: 11990 });
 */
export async function toHaveReceived(
  this: MatcherState,
  micro: MicroClient,
  type: EventType,
  expected: Expected = {},
  options: MatcherOptions = {},
): Promise<Verdict> {
  const ms = this.isNot ? quietOf(options) : timeoutOf(options, this);
  const isIt = (event: SeenEvent): boolean => mismatches(event, expected).length === 0;
  const events = await watch(micro, type, { ms, until: (all) => all.some(isIt) });
  const found = events.find(isIt);
  if (found) {
    const lines = [`expected not to receive ${wanted(type, expected)}`, `received: ${eventLine(found)}`];
    return { pass: true, expected, actual: found, message: () => lines.join('\n') };
  }
  const lines = this.isNot ? [] : await insteadOf(micro, type, { events, expected });
  const claim = `expected to receive ${wanted(type, expected)}, and waited ${ms} ms`;
  return { pass: false, expected, actual: events, message: () => [claim, ...lines].join('\n') };
}

/**
 * Exactly so many events of the type, as expected, are accepted: waits for them up to `timeout`, then watches for one more
 * for `quiet`. With `.not`: after `quiet` it is any other number.
 *
 * @example
 * await expect(micro).toHaveReceivedTimes('purchase', 1, { transaction_id: 'W-1' });
 */
export async function toHaveReceivedTimes(
  this: MatcherState,
  micro: MicroClient,
  type: EventType,
  times: number,
  expected: Expected = {},
  options: MatcherOptions = {},
): Promise<Verdict> {
  const isIt = (event: SeenEvent): boolean => mismatches(event, expected).length === 0;
  const count = (all: readonly SeenEvent[]): number => all.filter(isIt).length;
  const enough = (all: readonly SeenEvent[]): boolean => count(all) >= times;
  if (!this.isNot) await watch(micro, type, { ms: timeoutOf(options, this), until: enough });
  const tooMany = (all: readonly SeenEvent[]): boolean => count(all) > times;
  const events = await watch(micro, type, { ms: quietOf(options), until: tooMany });
  const got = count(events);
  if (got === times) {
    const claim = `expected not to receive ${wanted(type, expected)} ${timesText(times)}`;
    return { pass: true, expected: times, actual: got, message: () => claim };
  }
  const claim = `expected to receive ${wanted(type, expected)} ${timesText(times)}, and got it ${timesText(got)}`;
  const lines =
    got > times
      ? events.filter(isIt).map((event) => `received: ${eventLine(event)}`)
      : await insteadOf(micro, type, { events, expected });
  return { pass: false, expected: times, actual: got, message: () => [claim, ...lines].join('\n') };
}

const wanted = (type: string, expected: Expected): string =>
  Object.keys(expected).length === 0
    ? `"${type}"`
    : `"${type}" with { ${Object.entries(expected)
        .map(([name, value]) => `${name}: ${show(value)}`)
        .join(', ')} }`;

const timesText = (times: number): string => (times === 1 ? 'once' : `${times} times`);
