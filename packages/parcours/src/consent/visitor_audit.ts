import type { VisitorAudit } from '@parcours/collector';
import { appendAudit, type NewAudit } from '@parcours/store/audit';

/**
 * Writes what visitors asked for and got to the audit log of a collector, one after the other. What cannot be written is told
 * and does not undo what was done: a visitor's right does not wait for our book.
 *
 * @param writer the collector's own folder in `folder`
 */
export function createVisitorAudit({
  folder,
  writer,
  signingKey,
  onError,
}: {
  readonly folder: string;
  readonly writer: string;
  readonly signingKey: Uint8Array;
  readonly onError: (action: string, error: unknown) => void;
}): (asked: VisitorAudit) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  return async ({ action, site, subject, logGoneBy }) => {
    const about = { by: 'visitor', site, ...(logGoneBy !== undefined && { log_gone_by: logGoneBy }) };
    const entry = { action, by: 'visitor', outcome: 'done', subject, about } as NewAudit;
    last = last
      .then(() => appendAudit({ folder, writer, signingKey, entry }))
      .catch((error: unknown) => onError(action, error));
    await last;
  };
}
