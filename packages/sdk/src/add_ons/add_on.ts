import type { Observer } from '../observers/observer.ts';
import type { Call } from '../stub_calls.ts';

/** Hands observers to the tracker of `p.js`, whichever of the two scripts comes first. */
export function addOn(...observers: readonly Observer[]): void {
  const page = window as unknown as { parcours?: { q?: { push(call: Call): unknown } } };
  page.parcours ??= { q: [] as Call[] };
  for (const observer of observers) page.parcours.q?.push(['observe', [observer]]);
}
