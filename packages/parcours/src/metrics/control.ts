import type { ControlFeed } from '@parcours/store/control';
import { Gauge, type Registry } from 'prom-client';

/** What a process tells of the decisions that it follows. */
export function controlMetrics(registry: Registry, feed: ControlFeed): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  gauge(
    'parcours_control_lag_seconds',
    'Every decision recorded this long ago (a key revoked, a site added) is in force here; above 1 the folder cannot be read',
    () => feed.stats().lagMs / 1000,
  );
  gauge('parcours_control_records', 'Decisions read: sites, keys and their ends', () => feed.stats().records);
  gauge(
    'parcours_control_unknown_records',
    'Decisions of a kind that a newer version records and this one passes over',
    () => feed.stats().unknownKinds,
  );
  gauge('parcours_control_bad_lines', 'Lines of the control logs that hold no decision', () => feed.stats().badLines);
}
