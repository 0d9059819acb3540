/** Why a visitor's right could not be had now. Asking again does no harm. */
export interface RightsError extends Error {
  /**
   * Which: the collector's code (`not_proven`, `tables_unavailable`, …), `no_tracker` before the tracker has started, or
   * `unreachable` without an answer of the collector, or `timeout` where it was not there whole within two minutes.
   */
  readonly code: string;
  /** Ms after which another try is welcome; undefined where another try changes nothing by itself. */
  readonly retryAfterMs: number | undefined;
}

export const rightsError = (code: string, why: string, retryAfterMs?: number): RightsError =>
  Object.assign(new Error(`[parcours] ${code}: ${why}`), { code, retryAfterMs });
