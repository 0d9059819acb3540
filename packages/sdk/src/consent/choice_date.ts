import type { Chosen } from '../identity.ts';
import type { ChoiceDetails } from './source.ts';

/** When a choice was made: most sources tell it again on each page, and some without its date. */
export interface ChoiceDate {
  /** Something is told now. `isAsked`: that the visitor is asked anew, so what is told next is no repeat, though it is the same. */
  hear(isAsked: boolean): void;
  /**
   * The date of what was heard last, ms since the epoch; of what cannot be read it is not a number.
   *
   * @param at what the source says of it
   * @param of which choice it is: the same where it is told again
   * @param kept the choice that was kept last
   */
  date(at: ChoiceDetails['at'], of: string, kept: Chosen | undefined): number;
  /**
   * Something is taken back, now: what is chosen afterwards must not bear the same date. Gives it, in UTC.
   *
   * @param chosenAt when it was chosen: some date ahead, or the clock was set back since, and what is taken back is no later.
   *   The collector says how far ahead that may be
   */
  takeBack(chosenAt?: number): string;
}

/** Nothing was told yet. */
export function createChoiceDate(): ChoiceDate {
  let heardAt = 0;
  let askedAt = 0;
  let takenBackAt = 0;
  return {
    hear(isAsked) {
      heardAt = Math.max(Date.now(), takenBackAt + 1);
      if (isAsked) askedAt = heardAt;
    },
    date(at, of, kept) {
      const repeatedAt = kept?.of === of && kept.at >= askedAt ? kept.at : 0;
      if (at === undefined) return repeatedAt || heardAt;
      // Some date by the day: then what is chosen anew comes after what was taken back, and a repeat is no older than it was.
      return Math.max(+new Date(at), repeatedAt, kept && !repeatedAt && takenBackAt ? takenBackAt + 1 : 0);
    },
    takeBack(chosenAt = 0) {
      takenBackAt = Date.now();
      return new Date(Math.max(takenBackAt, chosenAt)).toISOString();
    },
  };
}
