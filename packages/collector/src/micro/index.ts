/** A collector in memory that tells tests what it received: what `parcours micro` runs. */
export type { Totals } from './journal.ts';
export type { Listening } from './listen.ts';
export { listen } from './listen.ts';
export type { Micro, MicroOptions } from './micro.ts';
export { createMicro, DEMO_SITE } from './micro.ts';
