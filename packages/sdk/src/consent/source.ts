import type { Signals } from '@parcours/protocol';

/** What is known of a choice besides its purposes. */
export interface ChoiceDetails {
  /** Who says so, such as `tcf`. Default: the name of the consent source, `manual` for the page itself. */
  readonly source?: string | undefined;
  /** When the visitor chose. Default: now, or where the same choice is only repeated, when it was made. */
  readonly at?: string | number | Date | undefined;
  /** Version of the consent manager, or of its settings. */
  readonly version?: string | undefined;
  /** The choice as a standard writes it, such as a TC string. */
  readonly string?: string | undefined;
  /** Hash of the notice that the visitor was shown. */
  readonly noticeHash?: string | undefined;
  /** Language in which it was shown, BCP 47. Default: that of the page. */
  readonly language?: string | undefined;
}

/**
 * Takes what a source knows as it stands now, whole, in the source's own terms: the policy says which purposes they are.
 * What it does not name is unknown, and not granted; no signals at all (`undefined`): the choice is open, or open again.
 * `failure`: why the source cannot tell, so that nobody waits for the visitor: after 30 s of silence what is held goes.
 */
export type ReportSignals = (signals: Signals | undefined, details?: ChoiceDetails, failure?: unknown) => unknown;

/** Where choices come from: a consent platform's adapter. */
export interface ConsentSource {
  readonly name: string;
  /** Reports until the signal. Where it throws, nothing is granted. */
  start(report: ReportSignals, signal: AbortSignal): void;
}
