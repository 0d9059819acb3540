import type { LiveLine } from '../../live/feed.ts';
import type { OverviewFigures } from '../../overview/figures.ts';
import type { Fault } from '../../overview/health.ts';
import type { ConsoleSite, ConsoleStatus, LoaderFigures } from '../../overview/program_status.ts';
import type { Language } from '../language.ts';
import type { Numbers } from '../parts/numbers.ts';
import type { overviewText } from './text.ts';

/** All that the overview shows, and how: what each of its parts is given. */
export interface OverviewView {
  readonly text: (typeof overviewText)[Language];
  readonly language: Language;
  readonly numbers: Numbers;
  /** Ms since the epoch. */
  readonly now: number;
  readonly version: string;
  readonly faults: readonly Fault[];
  /** Undefined where the tables did not answer. */
  readonly figures: OverviewFigures | undefined;
  /** Undefined for whoever may not see single events. */
  readonly newest: readonly LiveLine[] | undefined;
  readonly sites: readonly ConsoleSite[] | undefined;
  readonly loader: LoaderFigures | undefined;
  readonly status: ConsoleStatus | undefined;
}
