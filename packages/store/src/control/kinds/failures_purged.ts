import { chosen, type Fields, firstFault, type Kind, textFault, timeFault } from '../kind.ts';
import { type ControlRecord, compareRecords } from '../record.ts';

/**
 * Failed items thrown away by what they have in common: one record, however many there are. Nothing takes this back. Those
 * to which it applies stay away whenever they are loaded, so `before` is never later than what was looked at.
 */
export interface FailuresPurged extends ControlRecord {
  readonly kind: 'failures_purged';
  /** Those that were received earlier. */
  readonly before: string;
  /** Those of one site; of all where it is absent. */
  readonly site?: string;
  /** Those of one code; of all where it is absent. */
  readonly code?: string;
}

const givenFault = (fields: Fields, name: string): string | undefined =>
  fields[name] === undefined ? undefined : textFault(fields, name);

/** Of two about the same site and code the one that reaches further holds all that the other does. */
const reachesFurther = (a: FailuresPurged, b: FailuresPurged): boolean =>
  a.before > b.before || (a.before === b.before && compareRecords(a, b) < 0);

export const failuresPurged = {
  kind: 'failures_purged',
  fault: (fields) => firstFault(timeFault(fields, 'before'), givenFault(fields, 'site'), givenFault(fields, 'code')),
  ...chosen(({ site, code }: FailuresPurged) => JSON.stringify([site, code]), reachesFurther),
} satisfies Kind<'failures_purged', FailuresPurged, Map<string, FailuresPurged>>;
