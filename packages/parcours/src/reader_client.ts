import { resolve } from 'node:path';
import { dataFolder } from './data_folder.ts';
import { fail } from './fail.ts';
import { readRunFile } from './run_file.ts';
import { readSecrets } from './secrets.ts';

/**
 * Asks the reader that runs on a data folder; ends the command with one line where none does, or where it refuses.
 *
 * @param path such as `/v1/query`
 */
export async function askReader<T>(
  path: string,
  body: object,
  { data, json }: { readonly data: string; readonly json: boolean },
): Promise<T> {
  const folder = dataFolder(resolve(data));
  const run = await readRunFile(folder.run);
  if (!run) {
    fail(`nothing runs on ${folder.root}; start it with: parcours serve --data ${data}`, { json, code: 'not_running' });
  }
  const { admin } = await readSecrets(folder.secrets).catch((error: Error) => fail(error.message, { json }));
  const response = await fetch(`${run.console}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${admin}` },
    body: JSON.stringify(body),
  }).catch((error: Error) => fail(`the reader at ${run.console} does not answer (${error.message})`, { json }));
  const answer = (await response.json()) as T & { error?: { code: string; message: string } };
  if (answer.error) fail(answer.error.message, { json, code: answer.error.code });
  return answer;
}

/** A flag's text as a whole number above 0; ends the command with one line where it is none. */
export function wholeNumber(flag: string, text: string, json: boolean): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    fail(`${flag} must be a whole number above 0 (it is "${text}")`, { json, code: 'bad_flag' });
  }
  return value;
}
