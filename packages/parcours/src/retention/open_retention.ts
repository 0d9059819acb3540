import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { readControl } from '@parcours/store/control';
import { checkDataFolder } from '../backup/check_data_folder.ts';
import type { DataFolder } from '../data_folder.ts';
import { prepareDataFolder } from '../data_format.ts';
import { RefusedError } from '../refused_error.ts';
import { isRunning, type RunFile, readRunFile } from '../run_file.ts';
import { openSecrets, readSecrets } from '../secrets.ts';
import type { RetentionRun } from './retention_file.ts';

/** Retention of a data folder, as the command line asks for it. */
export interface OpenRetention {
  run(asked: {
    readonly dryRun: boolean;
    readonly onProgress: (done: { readonly removed: number; readonly of: number }) => void;
  }): Promise<RetentionRun>;
  close(): Promise<void>;
}

/** Asked of the reader where the program runs, which has the database to itself; done in this process where nothing runs. */
export async function openRetention(folder: DataFolder): Promise<OpenRetention> {
  const run = await readRunFile(folder.run);
  if (run && (await isRunning(run))) return remote(run, (await readSecrets(folder.secrets)).admin);
  await checkDataFolder(folder.root, { withSecrets: false });
  await prepareDataFolder(folder.root);
  return local(folder);
}

/** A line of the reader's answer. */
interface Line {
  readonly progress?: { readonly removed: number; readonly of: number };
  readonly run?: RetentionRun;
  readonly error?: { readonly code: string; readonly message: string };
}

function remote({ console }: RunFile, token: string): OpenRetention {
  return {
    async run({ dryRun, onProgress }) {
      const response = await fetch(`${console}/v1/retention`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ dryRun }),
      }).catch((error: Error) => {
        throw new RefusedError('not_running', `the reader at ${console} does not answer (${error.message})`);
      });
      if (!response.body) throw new RefusedError('not_running', `the reader at ${console} gave no answer`);
      for await (const text of createInterface({ input: Readable.fromWeb(response.body as never) })) {
        const { progress, run, error } = JSON.parse(text) as Line;
        if (progress) onProgress(progress);
        if (run) return run;
        if (error) throw new RefusedError(error.code, error.message);
      }
      throw new RefusedError('failed', 'the reader broke off before the end; run it again: it goes on where it was');
    },
    close: async () => undefined,
  };
}

async function local(folder: DataFolder): Promise<OpenRetention> {
  // Loaded only here: no other command needs a database engine in its process.
  const { openEngine } = await import('../engine.ts');
  const { createLoader } = await import('@parcours/store');
  const { createRetention } = await import('./keep_retention.ts');
  const { secrets } = await openSecrets(folder.secrets);
  const control = await readControl(folder.control);
  const engine = await openEngine({ data: folder.root, queryMemoryMb: 512 }, () => undefined);
  const retention = createRetention({ engine, folder, secrets, control: () => control, logDays: 7, writer: 'cli' });
  return {
    async run({ dryRun, onProgress }) {
      await createLoader({ logs: folder.logs, engine }).drain();
      return retention.run({ by: 'cli' }, { dryRun, onProgress });
    },
    close: () => engine.close(),
  };
}
