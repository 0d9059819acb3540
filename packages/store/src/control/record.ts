/**
 * What a human decided and every process must know: who may send, who may look. One line of a control log each, kept for ever but for old marks of the erased.
 * Version 1 only grows; wire names are snake_case.
 */
export interface ControlRecord {
  readonly v: 1;
  /** What was decided, such as `key_revoked`. One that is not known here is kept and ignored: a newer program wrote it. */
  readonly kind: string;
  /** A UUID of its own: the same record read twice is one. */
  readonly id: string;
  /** When, UTC, `YYYY-MM-DDTHH:mm:ss.sssZ`; later than every record that its writer had seen, whatever the clock says. */
  readonly at: string;
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

export const isTime = (value: unknown): value is string =>
  typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value));

/** Which of two records was decided first: below 0 where `a` was. Total, so that no order of reading can change it. */
export function compareRecords(a: ControlRecord, b: ControlRecord): number {
  return order(a.at, b.at) || order(a.id, b.id) || order(JSON.stringify(a), JSON.stringify(b));
}

const order = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
