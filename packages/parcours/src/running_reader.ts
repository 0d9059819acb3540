import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { BackupError } from './backup/backup_error.ts';
import { RefusedError } from './refused_error.ts';
import type { RunFile } from './run_file.ts';

/**
 * Asks the reader of a running program; for answers that may be long in coming, and are streamed.
 *
 * @throws RefusedError where it refuses, or does not answer
 */
export async function askRunning(
  { console }: Pick<RunFile, 'console'>,
  { path, body, token, signal }: { path: string; body: object; token: string; signal?: AbortSignal },
): Promise<IncomingMessage> {
  // Not by `fetch`, which gives up where no header came for five minutes: a snapshot tells its size when it is made.
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { method: 'POST', headers, ...(signal && { signal }) };
    const asked = request(`${console}${path}`, options, resolve);
    asked.on('error', reject).end(JSON.stringify(body));
  }).catch((error: Error) => {
    throw new RefusedError('not_running', `the reader at ${console} does not answer (${error.message})`);
  });
  if (response.statusCode === 200) return response;
  const { error } = (await json(response)) as { error: { code: string; message: string } };
  throw new RefusedError(error.code, error.message);
}

/** A stream that the reader breaks off must not pass for one that came to its end. */
export async function* piecesOf(response: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    yield* response as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw new BackupError('failed', 'the reader broke off before the end; nothing was kept', { cause: error });
  }
}
