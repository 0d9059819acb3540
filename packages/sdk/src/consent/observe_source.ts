import type { Observer } from '../observers/observer.ts';
import type { ConsentSource, ReportSignals } from './source.ts';

/** A source that has said nothing for so long is taken for absent: what was held for its choice goes. */
export const SILENT_MS = 30_000;

/**
 * A consent source as an observer, as a tracker takes it. Nothing is granted where it throws or tells nothing; one that
 * waits for the visitor says so by reporting `undefined`. Should it tell a choice after all, that is obeyed.
 */
export const observeSource =
  (source: ConsentSource): Observer =>
  ({ consent, giveUp, signal }) => {
    let silence = setTimeout(giveUp, SILENT_MS);
    const report: ReportSignals = (signals, details, failure) => {
      clearTimeout(silence);
      if (failure) silence = setTimeout(giveUp, SILENT_MS);
      consent(signals, { source: source.name, ...details });
    };
    signal.addEventListener('abort', () => clearTimeout(silence));
    try {
      source.start(report, signal);
    } catch (error) {
      // What it said before it failed stands no more.
      report(undefined, undefined, error);
      console.error(`[parcours] consent source ${source.name}: failed: nothing is granted`, error);
    }
  };
