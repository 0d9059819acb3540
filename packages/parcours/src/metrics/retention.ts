import { Counter, Gauge, type Registry } from 'prom-client';
import type { RetentionFile, RetentionRun } from '../retention/retention_file.ts';

/** What is told of retention. */
export interface RetentionMetrics {
  done(run: RetentionRun): void;
  failed(): void;
}

/** @param last the last run of an earlier start, which counts on */
export function retentionMetrics(registry: Registry, last: RetentionFile['last_run']): RetentionMetrics {
  const registers = [registry];
  const removed = new Counter({
    name: 'parcours_retention_removed_rows_total',
    help: 'What was taken away because of its age, by class: rows (exempt, events, failed, counts), receipts, tombstones, audit',
    labelNames: ['class'],
    registers,
  });
  const failures = new Counter({
    name: 'parcours_retention_failures_total',
    help: 'Runs of retention that broke off; each is tried again within an hour, and goes on where it was',
    registers,
  });
  const succeededAt = new Gauge({
    name: 'parcours_retention_last_success_timestamp_seconds',
    help: 'When retention last ran to its end, seconds since 1970; 0 before the first time',
    registers,
  });
  const oldest = new Gauge({
    name: 'parcours_retention_oldest_timestamp_seconds',
    help: 'When the oldest of what is held was received, by class, as of the last run of retention, seconds since 1970',
    labelNames: ['class'],
    registers,
  });
  const tell = (run: RetentionRun): void => {
    succeededAt.set(Date.parse(run.at) / 1000);
    oldest.reset();
    const byClass = new Map<string, number>();
    for (const { class: of, oldest: at } of [...run.rows, ...run.files]) {
      if (at !== undefined) byClass.set(of, Math.min(byClass.get(of) ?? Number.POSITIVE_INFINITY, Date.parse(at)));
    }
    for (const [of, at] of byClass) oldest.set({ class: of }, at / 1000);
  };
  if (last) tell(last);
  return {
    done(run) {
      tell(run);
      for (const { class: of, removed: taken } of [...run.rows, ...run.files]) removed.inc({ class: of }, taken);
    },
    failed: () => failures.inc(),
  };
}
