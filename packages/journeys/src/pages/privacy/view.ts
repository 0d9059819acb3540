import type { PrivacyFigures } from '../../privacy/figures.ts';
import type {
  ActionShown,
  ChoiceFigures,
  Lookup,
  PolicyShown,
  PrivacySources,
  ReceiptShown,
  RetentionShown,
} from '../../privacy/sources.ts';
import type { Language } from '../language.ts';
import type { Numbers } from '../parts/numbers.ts';
import type { privacyText } from './text.ts';

/** What somebody looked for, and what was found. */
export interface LookedUp {
  readonly by: Lookup;
  /** Undefined where the question was wrong; `why` says how. */
  readonly found?: readonly ReceiptShown[];
  readonly all?: number;
  readonly why?: 'emptyValue' | 'tooLong';
}

/** All that the privacy page shows, and how: what each of its parts is given. */
export interface PrivacyView {
  readonly text: (typeof privacyText)[Language];
  readonly language: Language;
  readonly numbers: Numbers;
  /** Ms since the epoch. */
  readonly now: number;
  readonly sites: readonly string[];
  readonly policy: PolicyShown;
  readonly choices: readonly ChoiceFigures[];
  /** Undefined where the tables did not answer. */
  readonly figures: PrivacyFigures | undefined;
  readonly keptFor: PrivacySources['keptFor'];
  readonly retention: RetentionShown | undefined;
  readonly actions: readonly ActionShown[];
  readonly lookedUp: LookedUp | undefined;
}
