import { toHaveAllAddedUp, toHaveNoFailed, toHaveNoFiltered, toHaveNoRefused } from './nothing_wrong.ts';
import { toHaveReceived, toHaveReceivedTimes } from './received.ts';

/**
 * Matchers for `expect.extend`, of vitest as of Playwright: each takes a `MicroClient` and is awaited.
 *
 * @example
 * export const expect = base.extend(microMatchers);
 */
export const microMatchers = {
  toHaveReceived,
  toHaveReceivedTimes,
  toHaveNoFailed,
  toHaveNoFiltered,
  toHaveNoRefused,
  toHaveAllAddedUp,
};
