import { watch } from 'node:fs';

/** Calls when something in a folder may have changed; returns its stop. */
export type Watch = (folder: string, changed: () => void) => () => void;

/** The file system's own notices: a hint only, for some file systems give none, and a watch may end by itself. */
export const watchFolder: Watch = (folder, changed) => {
  try {
    const watcher = watch(folder, { persistent: false }, changed);
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => undefined;
  }
};
