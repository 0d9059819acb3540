import type { ActiveAlert } from '../processes/status.ts';
import type { Reading } from './readings.ts';

/** An alert that went on or off just now. */
export interface AlertChange {
  readonly name: string;
  readonly state: 'firing' | 'resolved';
  readonly value: number;
  readonly limit: number;
  /** Ms since the epoch: when it went on. */
  readonly since: number;
  readonly text: string;
}

/** Which alerts are on: each is told once when it goes on, and once when it goes off. */
export interface Alerts {
  /** Takes what is now; returns what changed. */
  look(readings: readonly Reading[], now: number): readonly AlertChange[];
  active(): readonly ActiveAlert[];
}

export function createAlerts(): Alerts {
  const active = new Map<string, ActiveAlert>();
  return {
    look(readings, now) {
      const changes: AlertChange[] = [];
      for (const { name, value, limit, recovery = limit * 0.9, text } of readings) {
        const on = active.get(name);
        if (!on && value > limit) {
          active.set(name, { name, since: now, text });
          changes.push({ name, state: 'firing', value, limit, since: now, text });
        } else if (on && value <= recovery) {
          active.delete(name);
          changes.push({ name, state: 'resolved', value, limit, since: on.since, text: `Over: ${name}` });
        } else if (on) active.set(name, { ...on, text });
      }
      return changes;
    },
    active: () => [...active.values()],
  };
}
