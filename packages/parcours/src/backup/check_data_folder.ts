import { access } from 'node:fs/promises';
import { dataFolder } from '../data_folder.ts';
import { BackupError } from './backup_error.ts';

/** @throws BackupError where a folder is none of ours, or lacks the secrets that are asked for */
export async function checkDataFolder(root: string, { withSecrets }: { readonly withSecrets: boolean }): Promise<void> {
  const { logs, secrets } = dataFolder(root);
  if (!(await isThere(logs)) && !(await isThere(secrets))) {
    throw new BackupError('not_a_data_folder', `${root} is no data folder: it has neither a log nor secrets`);
  }
  if (withSecrets && !(await isThere(secrets))) {
    throw new BackupError('not_a_data_folder', `${secrets} is missing; back up the rest with --without-secrets`);
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
