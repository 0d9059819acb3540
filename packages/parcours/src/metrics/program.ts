import { Counter, Gauge, type Registry } from 'prom-client';
import type { LatestStatus, PartStatus } from '../processes/status.ts';

/**
 * What the parent tells of the program, in the registry of a part: the parent has no listener, and a part that is dead
 * cannot tell of itself, so both tell of both. Ask for the maximum over the two, not the sum.
 */
export function programMetrics(registry: Registry, status: LatestStatus): void {
  const registers = [registry];
  const ofParts = (name: string, help: string, read: (part: PartStatus) => number): void => {
    new Gauge({
      name,
      help,
      labelNames: ['part'],
      registers,
      collect() {
        for (const part of status()?.parts ?? []) this.set({ part: part.role }, read(part));
      },
    });
  };
  new Counter({
    name: 'parcours_part_restarts_total',
    help: 'Times that a part of the program was started again, by why the one before ended: a signal, exit, or fatal',
    labelNames: ['part', 'cause'],
    registers,
    collect() {
      this.reset();
      for (const { role, restarts } of status()?.parts ?? [])
        for (const [cause, count] of Object.entries(restarts)) this.inc({ part: role, cause }, count);
    },
  });
  ofParts('parcours_part_up', '1 while the part runs and serves', ({ isUp }) => Number(isUp));
  ofParts('parcours_part_uptime_seconds', 'Time since the process of the part was started', ({ startedAt }) =>
    startedAt === undefined ? 0 : (Date.now() - startedAt) / 1000,
  );
  ofParts(
    'parcours_part_silence_seconds',
    'Time since the part last told the program how it is; it tells once a second',
    ({ figuresAt, startedAt }) => Math.max(0, Date.now() - (figuresAt ?? startedAt ?? Date.now())) / 1000,
  );
  new Gauge({
    name: 'parcours_program_start_timestamp_seconds',
    help: 'When the program was started, seconds since 1970: its parts may be younger',
    registers,
    collect() {
      const since = status()?.startedAt;
      if (since !== undefined) this.set(since / 1000);
    },
  });
  new Gauge({
    name: 'parcours_alert_active',
    help: "1 for each of the program's own alerts that is on",
    labelNames: ['alert'],
    registers,
    collect() {
      this.reset();
      for (const { name } of status()?.alerts ?? []) this.set({ alert: name }, 1);
    },
  });
}
