import { expect } from 'vitest';
import type { Expected } from './matchers/expected.ts';
import { microMatchers } from './matchers/index.ts';
import type { MatcherOptions } from './matchers/matcher.ts';
import type { EventType } from './matchers/received.ts';

/** Gives vitest's `expect` the matchers, with their types: `setupFiles: ['@parcours/collector/testing/vitest']`. */
expect.extend(microMatchers);

/** The matchers as a test calls them. */
interface MicroMatchers {
  toHaveReceived(type: EventType, expected?: Expected, options?: MatcherOptions): Promise<void>;
  toHaveReceivedTimes(type: EventType, times: number, expected?: Expected, options?: MatcherOptions): Promise<void>;
  toHaveNoFailed(): Promise<void>;
  toHaveNoFiltered(): Promise<void>;
  toHaveNoRefused(): Promise<void>;
  toHaveAllAddedUp(options?: MatcherOptions): Promise<void>;
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: an interface is extended under the very parameters that it has
  interface Matchers<T = any> extends MicroMatchers {}
}
