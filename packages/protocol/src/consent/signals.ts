import type { SourceMapping } from './policy.ts';
import type { Choice, Purpose } from './purposes.ts';

/** What a consent source says, in its own terms: `true` and `false` as chosen, missing where it does not know. */
export type Signals = { readonly [signal: string]: boolean | undefined };

/**
 * A source's signals as a choice of purposes: granted where all of a purpose's signals are `true`, denied where one is
 * `false`, else unknown, which is left out. A purpose that lists no signal stays unknown.
 */
export function choiceFrom(signals: Signals, mapping: SourceMapping): Choice {
  const choice: { [purpose in Purpose]?: boolean } = {};
  for (const [purpose, needed = []] of Object.entries(mapping) as [Purpose, readonly string[]][]) {
    if (needed.some((signal) => signals[signal] === false)) choice[purpose] = false;
    else if (needed.length > 0 && needed.every((signal) => signals[signal] === true)) choice[purpose] = true;
  }
  return choice;
}
