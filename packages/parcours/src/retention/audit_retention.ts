import type { AuditActor, NewAudit } from '@parcours/store/audit';
import type { RetentionRun } from './retention_file.ts';
import type { RetentionProgress } from './run_retention.ts';

export interface Asked {
  readonly by: AuditActor;
  /** Id of the console secret. */
  readonly by_key?: string;
}

/** The entry of the audit log for a run that came to its end: what was taken by class. */
export const retentionDone = (asked: Asked, run: RetentionRun): NewAudit => {
  const counts: Record<string, number> = { exempt: 0, events: 0, failed: 0, counts: 0 };
  for (const { class: of, removed } of run.rows) counts[of] = (counts[of] ?? 0) + removed;
  for (const { class: of, removed } of run.files) if (of !== 'log') counts[of] = removed;
  return { action: 'retention_run', ...asked, outcome: 'done', about: { took_ms: run.took_ms }, counts };
};

/** The entry for one that broke off: what it had taken by then. */
export const retentionFailed = (asked: Asked, reached: RetentionProgress | undefined): NewAudit => ({
  action: 'retention_run',
  ...asked,
  outcome: 'failed',
  counts: { removed: reached?.removed ?? 0 },
});
