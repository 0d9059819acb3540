import type { Signals } from '@parcours/protocol';
import type { Listen } from '../scope.ts';
import type { ChoiceDetails, ConsentSource } from './source.ts';

/** What an adapter works with. */
export interface Adapter {
  readonly signal: AbortSignal;
  /** Does what ends the manager's hold on the source, at the signal. */
  readonly atEnd: (act: () => unknown) => void;
  /**
   * Reports, unless nothing changed since the last time or it is over; without signals: the choice is open. The same with
   * another date is another choice, and without one a repeat.
   */
  readonly tell: (signals: Signals | undefined, details?: ChoiceDetails) => void;
  /** Nothing that the manager says can be relied on: an error on the console, once, and nothing is granted. */
  readonly refuse: (why: string) => void;
  /** Makes a callback for the manager. What it throws never gets there: the choice is open, and the console told once. */
  readonly safely: <Args extends unknown[]>(act: (...args: Args) => unknown) => (...args: Args) => void;
  /** Hears an event of the manager, safely and until the signal. */
  readonly listen: Listen;
  /** Goes on with what the page has, now or as soon as it is there: managers say nothing when they come. */
  readonly find: <T>(look: () => T | undefined | null | false, found: (thing: T) => unknown) => void;
}

/** How long a manager may keep silent, and when one that is not there is looked for again: then later and later. */
export const PATIENCE = { silentMs: 30_000, lookMs: 100, later: 1.1 } as const;

/**
 * Makes a consent source: what all adapters need is here, what one manager does is in `adapt`. A manager that has told
 * nothing after 30 s, as where it is blocked, is one error on the console; should it come after all, it is obeyed.
 */
export const createSource = (name: string, adapt: (adapter: Adapter) => void): ConsentSource => ({
  name,
  start(report, signal) {
    let last: string | undefined;
    let lastAt: ChoiceDetails['at'];
    let wait: number = PATIENCE.lookMs;

    const say = (why: unknown): void => console.error(`[parcours] consent source ${name}: ${why}. Nothing is granted.`);

    const silence = setTimeout(
      () => signal.aborted || say('the consent manager has not answered in 30 s'),
      PATIENCE.silentMs,
    );

    const tell = (signals: Signals | undefined, details?: ChoiceDetails, why?: unknown): void => {
      clearTimeout(silence);
      const at = details?.at ?? lastAt;
      const told = JSON.stringify([signals, { ...details, at }]) + why;
      if (told === last || signal.aborted) return;
      last = told;
      lastAt = at;
      if (why) {
        say(why);
        report(signals, details, why);
      } else {
        report(signals, details);
      }
    };

    const safely: Adapter['safely'] =
      (act) =>
      (...args) => {
        try {
          act(...args);
        } catch (error) {
          tell(undefined, undefined, error);
        }
      };

    const find: Adapter['find'] = (look, found) =>
      safely(() => {
        const thing = look();
        wait *= PATIENCE.later;
        if (thing) found(thing);
        else setTimeout(() => signal.aborted || find(look, found), wait);
      })();

    safely(adapt)({
      signal,
      tell,
      safely,
      find,
      atEnd: (act) => signal.addEventListener('abort', safely(act)),
      refuse: (why) => tell({}, undefined, why),
      listen: (target, type, heard) =>
        target?.addEventListener?.(type, safely(heard) as unknown as EventListener, { signal }),
    });
  },
});
