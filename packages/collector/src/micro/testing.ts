/** For the tests of those who use Parcours: a collector in memory, its client, and matchers. */
export type { EventFilter, MicroClient, WaitOptions } from './connect_micro.ts';
export { connectMicro, MicroTimeoutError } from './connect_micro.ts';
export type { Expected } from './matchers/expected.ts';
export { microMatchers } from './matchers/index.ts';
export type { MatcherOptions } from './matchers/matcher.ts';
export type { EventType } from './matchers/received.ts';
export type { MicroOptions } from './micro.ts';
export type { Accounts, SeenCount, SeenEvent, SeenFailure, SeenRefusal } from './seen.ts';
export type { StartMicroOptions } from './start_micro.ts';
export { startMicro } from './start_micro.ts';
