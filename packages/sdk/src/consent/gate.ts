import type { Drops } from '../drops.ts';

export type ConsentStatus = 'pending' | 'granted' | 'denied';

/** What the gate must know of an event that it holds. */
export interface Holdable {
  /** Bytes it takes in memory. */
  readonly bytes: number;
}

/** Nothing passes without a grant. Everything in it is synchronous, so a stop wins every race. */
export interface Gate<E extends Holdable> {
  status(): ConsentStatus;
  /** Passes it on, holds it, or forgets it, by the present state. */
  add(event: E): void;
  /** A grant releases what was held, a denial ends it, and whoever is pending again holds. */
  decide(status: ConsentStatus): void;
  /** What is held, oldest first. */
  held(): readonly E[];
  /** Forgets what is held. */
  forgetHeld(): void;
}

/** The most that is held before the choice, in memory alone. */
export const HOLD_LIMITS = { events: 50, bytes: 64 * 1024 } as const;

/**
 * Pending, granted or denied; begins pending. Held events are released once, by the next grant, or gone for good.
 * Where more comes than may be held the oldest goes, but for the first, the view on which the visitor landed.
 *
 * @param onGranted takes the events that a grant covers: those held, then each as it comes
 */
export function createGate<E extends Holdable>(
  onGranted: (events: readonly E[]) => void,
  onDenied: () => void,
  drops: Pick<Drops, 'add'>,
): Gate<E> {
  let status: ConsentStatus = 'pending';
  let held: E[] = [];
  return {
    status: () => status,
    held: () => held,
    forgetHeld() {
      held = [];
    },
    add(event) {
      if (status === 'granted') onGranted([event]);
      if (status !== 'pending') return;
      held.push(event);
      while (held.length > HOLD_LIMITS.events || held.reduce((sum, one) => sum + one.bytes, 0) > HOLD_LIMITS.bytes) {
        held.splice(1, 1);
        drops.add('hold_full');
      }
    },
    decide(next) {
      status = next;
      if (next === 'pending') return;
      const released = held;
      held = [];
      if (next === 'granted') onGranted(released);
      else onDenied();
    },
  };
}
