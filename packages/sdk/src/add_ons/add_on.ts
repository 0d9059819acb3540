import type { Observer } from '../observers/observer.ts';
import type { Call } from '../stub_calls.ts';

/** What of `window.parcours` an add-on knows. */
interface Page {
  parcours?: {
    q?: { push(call: Call): unknown };
    /** Names of the add-ons that have come. */
    added?: Record<string, true>;
  };
}

/**
 * Hands observers, by their names, to the tracker of `p.js`, whichever of the two scripts comes first. One that came
 * before, by a tag that stands twice or with `p.full.js`, is not handed over again: it would tell everything twice.
 */
export function addOn(observers: Readonly<Record<string, Observer>>): void {
  const page = window as unknown as Page;
  page.parcours ??= { q: [] as Call[] };
  const parcours = page.parcours;
  parcours.added ??= {};
  for (const name in observers) {
    if (!parcours.added[name]) parcours.q?.push(['observe', [observers[name]]]);
    parcours.added[name] = true;
  }
}
