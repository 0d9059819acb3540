import type { DropCode, FailedCode, FilteredCode, Purpose } from '@parcours/protocol';
import type { ConsentStatus } from '../../consent/gate.ts';
import type { Fate } from '../ledger.ts';

/** Every word of the panel, in one language. */
export interface Texts {
  /** BCP 47: of the words, and of dates and times. */
  readonly locale: string;
  readonly title: string;
  readonly status: Readonly<Record<ConsentStatus, string>>;
  /** What the status means for the visitor's device. */
  readonly meaning: Readonly<Record<ConsentStatus, string>>;
  readonly granted: string;
  readonly denied: string;
  readonly unknown: string;
  readonly source: string;
  readonly at: string;
  readonly receipt: string;
  readonly policy: string;
  readonly none: string;
  /** A receipt that is there, where its id must not be told. */
  readonly given: string;
  /** One that the collector has not answered yet. */
  readonly awaited: string;
  readonly gpcOff: string;
  readonly gpcOn: string;
  readonly gpcTook: string;
  readonly purposes: Readonly<Record<Purpose, string>>;
  readonly fates: Readonly<Record<Fate, string>>;
  /** Why an event is where it is, where no code says so. */
  readonly because: Readonly<Record<'held' | 'queued' | 'sent' | 'duplicate' | 'elsewhere' | 'unanswered', string>>;
  readonly codes: Readonly<Record<FilteredCode | DropCode | FailedCode, string>>;
  readonly needs: string;
  readonly without: string;
  /** Before a time. */
  readonly since: string;
  readonly promise: string;
  readonly copy: string;
  readonly copied: string;
  readonly uncopied: string;
  /** Between a name and what it is. */
  readonly colon: string;
}
