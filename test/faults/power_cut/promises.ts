/** All that somebody was promised: an answer said so, and said it before the power went. */
export interface Promises {
  /** Ids that were told `accepted` or `duplicate`. */
  readonly events: Set<string>;
  /** Ids of receipts that were told. */
  readonly receipts: Set<string>;
  /** Visitors whose withdrawal of everything was answered. */
  readonly withdrawn: Set<string>;
  /** Keys that were revoked. */
  readonly keys: Set<string>;
}

export const noPromises = (): Promises => ({
  events: new Set(),
  receipts: new Set(),
  withdrawn: new Set(),
  keys: new Set(),
});
