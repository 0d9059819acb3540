import { type Choice, type ConsentStamp, LIMITS, type Purpose } from '@parcours/protocol';

/** What is known of a choice besides its purposes. */
export interface ChoiceDetails {
  /** Who says so, such as `tcf`. Default: the name of the consent source, `manual` for the page itself. */
  readonly source?: string | undefined;
  /** When the visitor chose. Default: now. */
  readonly at?: string | number | Date | undefined;
}

/** Takes a choice as it stands now, whole: what it does not grant is not granted. */
export type ReportChoice = (choice: Choice, details?: ChoiceDetails) => unknown;

/** Where choices come from: a consent platform's adapter. */
export interface ConsentSource {
  readonly name: string;
  /** Reports choices until the signal. Where it throws, the visitor counts as having refused. */
  start(report: ReportChoice, signal: AbortSignal): void;
}

/**
 * The stamp that a choice gives to events, or nothing where it does not grant `audience`. Only `true` is a grant.
 * Throws where the choice cannot be read or its date cannot stand, as `stampFault` of the protocol judges it.
 *
 * @param now ms since the epoch
 */
export function stampOf(choice: Choice, details: ChoiceDetails, now: number): ConsentStamp | undefined {
  const { source, at = now } = details;
  const age = now - +new Date(at);
  if (!(age < LIMITS.choiceDays * 86_400_000 && age >= -LIMITS.futureMs)) throw new Error('bad date');
  const purposes = Object.keys(choice).filter((purpose) => choice[purpose as Purpose] === true);
  return choice.audience === true
    ? { purposes, source: source || 'manual', at: new Date(at).toISOString() }
    : undefined;
}
