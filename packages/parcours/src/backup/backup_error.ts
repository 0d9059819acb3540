/** Why a backup was not made, not read or not restored: one line, fit to show. */
export class BackupError extends Error {
  override name = 'BackupError';
  constructor(
    readonly code:
      | 'exists'
      | 'not_a_data_folder'
      | 'not_a_backup'
      | 'damaged'
      | 'incomplete'
      | 'newer'
      | 'not_allowed'
      | 'not_empty'
      | 'running'
      | 'no_space'
      | 'failed',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** An error of the file system as one line that names the file; any other as it is. */
export function asBackupError(error: unknown, path: string): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof BackupError || code === undefined) return error as Error;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new BackupError('no_space', `there is no space left for ${path}; nothing was kept of it`, { cause: error });
  }
  return new BackupError('failed', `${path} could not be written: ${message}`, { cause: error });
}
