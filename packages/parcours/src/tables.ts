import { type IncomingMessage, request } from 'node:http';
import { resolve } from 'node:path';
import { json } from 'node:stream/consumers';
import type { ExportBody } from '@parcours/journeys';
import type { Exported, Snapshot } from '@parcours/store';
import { BackupError } from './backup/backup_error.ts';
import { checkDataFolder } from './backup/check_data_folder.ts';
import { dataFolder } from './data_folder.ts';
import { prepareDataFolder } from './data_format.ts';
import { isRunning, type RunFile, readRunFile } from './run_file.ts';
import { readSecrets } from './secrets.ts';

/** The tables of a data folder, as streams out of them. */
export interface Tables {
  exportRows(request: ExportBody): Promise<Exported>;
  snapshot(): Promise<Snapshot>;
  close(): Promise<void>;
}

/** Why a reader refused. */
export class RefusedError extends Error {
  override name = 'RefusedError';
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
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

function remote({ console }: RunFile, token: string): Tables {
  const calledOff = new AbortController();
  // Not by `fetch`, which gives up where no header came for five minutes: a snapshot tells its size when it is made.
  const ask = async (path: string, body: object): Promise<IncomingMessage> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const asked = request(`${console}${path}`, { method: 'POST', headers, signal: calledOff.signal }, resolve);
      asked.on('error', reject).end(JSON.stringify(body));
    }).catch((error: Error) => {
      throw new RefusedError('not_running', `the reader at ${console} does not answer (${error.message})`);
    });
    if (response.statusCode === 200) return response;
    const { error } = (await json(response)) as { error: { code: string; message: string } };
    throw new RefusedError(error.code, error.message);
  };
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

/** A stream that the reader breaks off must not pass for one that came to its end. */
async function* piecesOf(response: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    yield* response as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw new BackupError('failed', 'the reader broke off before the end; nothing was kept', { cause: error });
  }
}

async function local(root: string): Promise<Tables> {
  // Loaded only here: no other command needs a database engine in its process.
  const { openEngine } = await import('./engine.ts');
  const { createLoader } = await import('@parcours/store');
  const engine = await openEngine({ data: root, queryMemoryMb: 512 }, () => undefined);
  try {
    await createLoader({ logs: dataFolder(root).logs, engine }).drain();
  } catch (error) {
    await engine.close();
    throw error;
  }
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
