import { access } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Where an archive is unpacked: inside the data folder, not beside it, for that may be a volume of its own under a
 * folder that nobody may write to. While it is there the data folder is not whole, and nothing starts on it.
 */
export const UNPACKING = '.restoring';

/** Whether a restore into a data folder was begun and did not come to its end. */
export const isInterrupted = (root: string): Promise<boolean> =>
  access(join(root, UNPACKING)).then(
    () => true,
    () => false,
  );

/** What to say of such a folder. */
export const interrupted = (root: string): string =>
  `${root} holds a restore that did not come to its end; remove the folder and restore again`;
