import type { ControlWriter } from '@parcours/store/control';

/** A visitor's withdrawal as every collector must learn it. */
export interface Withdrawal {
  readonly site: string;
  /** `subjectOf` the visitor. */
  readonly subject: string;
  /** Absent: everything. */
  readonly purposes?: readonly string[];
  /** By the clock that dates the visitor's choices, UTC. */
  readonly withdrawn_at: string;
}

/** A browser that had no answer tells of it again within minutes, and again. */
const REMEMBERED = 10_000;

/**
 * Records withdrawals, each once however often it is told: resolves once it is on disk, and so does one that is told again.
 * One that failed is tried anew when it is told again.
 */
export function createWithdrawalRecorder(
  writer: Pick<ControlWriter, 'append'>,
): (withdrawal: Withdrawal) => Promise<void> {
  const recorded = new Map<string, Promise<unknown>>();
  return async ({ site, subject, purposes, withdrawn_at }) => {
    const key = JSON.stringify([site, subject, purposes && [...purposes].sort(), withdrawn_at]);
    let done = recorded.get(key);
    if (!done) {
      const record = { kind: 'consent_withdrawn', site, subject, ...(purposes && { purposes }), withdrawn_at } as const;
      done = writer.append(record);
      recorded.set(key, done);
      if (recorded.size > REMEMBERED) for (const oldest of recorded.keys()) if (recorded.delete(oldest)) break;
      done.catch(() => recorded.delete(key));
    }
    await done;
  };
}
