import { resolve } from 'node:path';
import type { ExportBody } from '@parcours/journeys';
import type { Exported, Snapshot } from '@parcours/store';
import { checkDataFolder } from './backup/check_data_folder.ts';
import { dataFolder } from './data_folder.ts';
import { prepareDataFolder } from './data_format.ts';
import { openHere } from './open_here.ts';
import { RefusedError } from './refused_error.ts';
import { isRunning, type RunFile, readRunFile } from './run_file.ts';
import { askRunning, piecesOf } from './running_reader.ts';
import { readSecrets } from './secrets.ts';

/** The tables of a data folder, as streams out of them. */
export interface Tables {
  exportRows(request: ExportBody): Promise<Exported>;
  snapshot(): Promise<Snapshot>;
  close(): Promise<void>;
}

/**
 * The tables of a data folder: asked of the reader where the program runs, which has the database to itself; opened in this
 * process where nothing runs, with all of the log loaded first.
 */
export async function openTables(data: string): Promise<Tables> {
  const root = resolve(data);
  const folder = dataFolder(root);
  const run = await readRunFile(folder.run);
  if (run && (await isRunning(run))) return remote(run, (await readSecrets(folder.secrets)).admin);
  await checkDataFolder(root, { withSecrets: false });
  await prepareDataFolder(root);
  return local(root);
}

function remote(run: RunFile, token: string): Tables {
  const calledOff = new AbortController();
  const ask = (path: string, body: object) => askRunning(run, { path, body, token, signal: calledOff.signal });
  return {
    async exportRows(body) {
      const response = await ask('/v1/export', body);
      return { rows: Number(response.headers['x-parcours-rows']), pieces: piecesOf(response) };
    },
    async snapshot() {
      const response = await ask('/v1/snapshot', {});
      return { bytes: Number(response.headers['content-length']), pieces: piecesOf(response) };
    },
    close: async () => calledOff.abort(),
  };
}

async function local(root: string): Promise<Tables> {
  const { engine } = await openHere(root);
  return {
    async exportRows(request) {
      const { exportRequest } = await import('@parcours/journeys');
      const parsed = exportRequest.safeParse(request);
      if (parsed.success) return engine.exportRows(parsed.data);
      const issue = parsed.error.issues[0];
      throw new RefusedError('bad_request', `${issue?.path.join('.') || 'body'}: ${issue?.message}`);
    },
    snapshot: () => engine.snapshot(),
    close: () => engine.close(),
  };
}
