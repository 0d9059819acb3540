import { access, constants, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { fail } from './fail.ts';

/** The doctor tells it among all else. */
const EXEMPT: readonly string[] = ['doctor'];

/**
 * Ends a command with one line where its data folder is another user's, or is no folder. Without it such a folder seems to be
 * empty, and what runs on it not to run.
 */
export async function refuseUnreadable(command: Command): Promise<void> {
  const { data, json = false } = command.opts<{ data?: string; json?: boolean }>();
  if (data === undefined || EXEMPT.includes(command.name())) return;
  const folder = resolve(data);
  const isFile = await stat(folder).then(
    (found) => !found.isDirectory(),
    () => false,
  );
  if (isFile) fail(`${folder} is a file; --data names a folder`, { json, code: 'not_a_folder' });
  const code = await access(folder, constants.R_OK | constants.X_OK).catch(
    (error: NodeJS.ErrnoException) => error.code,
  );
  if (code !== 'EACCES') return;
  fail(`${folder} may not be read by this user: run it as the user that runs parcours, such as sudo -u parcours`, {
    json,
    code: 'not_allowed',
  });
}
