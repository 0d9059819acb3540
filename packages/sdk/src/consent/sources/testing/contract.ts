import type { Signals } from '@parcours/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PATIENCE } from '../../create_source.ts';
import type { ConsentSource } from '../../source.ts';
import { createPlayedPage, type PlayedPage, storedIn } from './played_page.ts';

/** Does in the page what the consent manager does at one moment. */
export type Step = (page: PlayedPage) => unknown;

/** The order of a consent manager's doings on one page, as it was seen or as its code has it. */
export interface Recording {
  /** What the manager did before the source starts. */
  readonly before?: Step;
  /** What it does afterwards, each step in a task of its own and a second after the one before. */
  readonly steps?: readonly Step[];
  /** All that the source must report, in order; `undefined`: the choice is open. */
  readonly reports: readonly (Signals | undefined)[];
  /** When each report's choice was made by its date, ms after the page's start; step n is played at n seconds. Default: not looked at. */
  readonly dates?: readonly (number | undefined)[];
  /** What the one error on the console says, where there is one. */
  readonly error?: RegExp;
}

/**
 * What every consent source is played through.
 *
 * - `late load`: the manager comes after the source, with the visitor's choice
 * - `double fire`: it tells the same choice more than once, which is reported once
 * - `partial choice`: it knows some of the choice; what it does not know must not be granted
 * - `stored choice`: it knows the choice of an earlier visit when the source starts, and shows nothing
 * - `blocked`: its script never comes, in whatever state the page is left by that
 * - `exception`: what it offers throws
 * - `stopped`: `steps` are played after the tracker's stop; `listeners` counts what the manager still holds of the source
 */
export interface Recordings {
  /** The source, as a page makes it. */
  readonly create: (page: PlayedPage) => ConsentSource;
  readonly 'late load': Recording;
  readonly 'double fire': Recording;
  readonly 'partial choice': Recording;
  readonly 'stored choice': Recording;
  readonly blocked: Recording & { readonly error: RegExp };
  readonly exception: Recording & { readonly error: RegExp };
  readonly stopped: Recording & { readonly listeners?: (page: PlayedPage) => number };
  /** What only this manager does, by a name that says it. */
  readonly more?: Readonly<Record<string, Recording>>;
}

/** The suite that every consent source passes. A row for each source is in its own test, `<name>.test.ts`. */
export function consentSourceContract(name: string, { create, more = {}, ...recordings }: Recordings): void {
  describe(`consent source ${name}`, () => {
    let page: PlayedPage;
    let error: ReturnType<typeof vi.spyOn>;
    let life: AbortController;
    let reports: (Signals | undefined)[];
    let dates: (number | undefined)[];

    beforeEach(() => {
      vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
      error = vi.spyOn(console, 'error').mockImplementation(() => {});
      page = createPlayedPage();
      life = new AbortController();
      reports = [];
      dates = [];
    });
    afterEach(async () => {
      life.abort();
      await vi.advanceTimersByTimeAsync(PATIENCE.silentMs);
      expect(vi.getTimerCount(), 'timers after the stop').toBe(0);
      vi.useRealTimers();
      vi.restoreAllMocks();
    });

    const start = (): void => {
      const startedAt = Date.now();
      create(page).start((signals, details) => {
        reports.push(signals && { ...signals });
        dates.push(details?.at === undefined ? undefined : +new Date(details.at) - startedAt);
      }, life.signal);
    };

    const play = async (steps: readonly Step[] = []): Promise<void> => {
      for (const step of steps) {
        await step(page);
        await vi.advanceTimersByTimeAsync(1_000);
      }
    };

    const expectReports = ({ reports: wanted, dates: wantedDates = dates, error: wantedError }: Recording): void => {
      expect(reports).toEqual(wanted);
      expect(dates).toEqual(wantedDates);
      const said = error.mock.calls.map((words: unknown[]) => words.join(' '));
      expect(said).toEqual(
        wantedError ? [expect.stringMatching(`^\\[parcours\\] consent source ${name}: .*(${wantedError.source})`)] : [],
      );
      for (const value of reports.flatMap((signals) => Object.values(signals ?? {})))
        expect(value).toBeTypeOf('boolean');
    };

    const { blocked, stopped, ...others } = recordings;

    it.each(Object.entries({ ...others, ...more }))('%s', async (_, recording) => {
      await recording.before?.(page);
      const stored = storedIn(page);
      start();
      await vi.advanceTimersByTimeAsync(1_000);
      // What the manager stores by itself is its own affair.
      if (!recording.steps) expect(storedIn(page)).toEqual(stored);
      await play(recording.steps);
      expectReports(recording);
    });

    it('blocked', async () => {
      await blocked.before?.(page);
      const stored = storedIn(page);
      start();
      await play(blocked.steps);
      await vi.advanceTimersByTimeAsync(2 * PATIENCE.silentMs);
      expectReports(blocked);
      expect(storedIn(page)).toEqual(stored);
    });

    it('stopped', async () => {
      await stopped.before?.(page);
      start();
      await vi.advanceTimersByTimeAsync(1_000);
      expectReports(stopped);
      life.abort();
      await play(stopped.steps);
      await vi.advanceTimersByTimeAsync(2 * PATIENCE.silentMs);
      expectReports(stopped);
      expect(stopped.listeners?.(page) ?? 0).toBe(0);
    });

    it('grants nothing where it is stopped before the manager comes', async () => {
      start();
      life.abort();
      await recordings['late load'].before?.(page);
      await play(recordings['late load'].steps);
      expect(reports.filter((signals) => signals !== undefined)).toEqual([]);
    });
  });
}
