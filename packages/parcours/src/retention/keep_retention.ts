import type { Engine } from '@parcours/store';
import type { ControlState } from '@parcours/store/control';
import { writeAudit } from '../audit/write_audit.ts';
import type { DataFolder } from '../data_folder.ts';
import type { Secrets } from '../secrets.ts';
import { type Asked, retentionDone, retentionFailed } from './audit_retention.ts';
import { startDaily } from './daily.ts';
import { type RetentionRun, readRetentionFile } from './retention_file.ts';
import { type RetentionProgress, runRetention } from './run_retention.ts';

export interface KeepOptions {
  readonly engine: Engine;
  readonly folder: DataFolder;
  readonly secrets: Pick<Secrets, 'signing'>;
  /** What is decided, at the moment of asking. */
  readonly control: () => ControlState;
  readonly logDays: number;
  /** The writer of the audit log. */
  readonly writer: 'cli' | 'reader';
  readonly onDone?: (run: RetentionRun) => void;
  /** Told of a run that broke off. */
  readonly onFailed?: (error: unknown) => void;
}

export interface RetentionKeeper {
  /**
   * One run, after those in hand; what it did stands in the audit log, unless it only looked.
   *
   * @throws what it broke off at
   */
  run(
    asked: Asked,
    options?: { readonly dryRun?: boolean; readonly onProgress?: (done: RetentionProgress) => void },
  ): Promise<RetentionRun>;
  /** Runs once a day from now on. Returns its stop, which waits for what is in hand. */
  startDaily(): () => Promise<void>;
}

/** Runs retention, one run at a time, and tells the audit log of each. */
export function createRetention(options: KeepOptions): RetentionKeeper {
  const { engine, folder, secrets, control, logDays, writer } = options;
  const { onDone = () => undefined, onFailed = () => undefined } = options;
  let last: Promise<unknown> = Promise.resolve();

  const runNow: RetentionKeeper['run'] = async (asked, { dryRun = false, onProgress } = {}) => {
    let reached: RetentionProgress | undefined;
    try {
      const run = await runRetention({
        ...{ engine, folder, control: control(), logDays, dryRun },
        signingKey: Buffer.from(secrets.signing, 'base64url'),
        onProgress(done) {
          reached = done;
          onProgress?.(done);
        },
      });
      if (dryRun) return run;
      await writeAudit(folder, secrets, { writer, entry: retentionDone(asked, run) });
      onDone(run);
      return run;
    } catch (error) {
      onFailed(error);
      if (!dryRun)
        await writeAudit(folder, secrets, { writer, entry: retentionFailed(asked, reached) }).catch(onFailed);
      throw error;
    }
  };
  const run: RetentionKeeper['run'] = (...args) => {
    const running = last.then(() => runNow(...args));
    last = running.catch(() => undefined);
    return running;
  };

  return {
    run,
    startDaily: () =>
      startDaily({
        run: () => run({ by: 'program' }),
        lastAt: async () => {
          const { last_run } = await readRetentionFile(folder.retention);
          return last_run && Date.parse(last_run.at);
        },
      }),
  };
}
