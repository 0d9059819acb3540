/** What a matcher knows of its call: both vitest and Playwright give it as `this`. */
export interface MatcherState {
  readonly isNot?: boolean;
  /** Playwright's `expect.timeout`, ms. */
  readonly timeout?: number;
}

/** What a matcher answers, in the form that vitest and Playwright share. */
export interface Verdict {
  readonly pass: boolean;
  readonly message: () => string;
  readonly expected?: unknown;
  readonly actual?: unknown;
}

export interface MatcherOptions {
  /** Ms to wait for what is expected. Default 5,000, or Playwright's `expect.timeout`. */
  readonly timeout?: number;
  /** Ms to go on watching where something must not come: for `.not`, and for one more than was counted. Default 1,000. */
  readonly quiet?: number;
}

export const timeoutOf = (options: MatcherOptions, state: MatcherState): number =>
  options.timeout ?? state.timeout ?? 5_000;

export const quietOf = (options: MatcherOptions): number => options.quiet ?? 1_000;
