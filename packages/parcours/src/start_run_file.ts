import { resolve } from 'node:path';
import { type Restart, type RunFile, removeRunFile, writeRunFile } from './run_file.ts';
import { version } from './version.ts';

/** The file that says what runs on a data folder, kept up to date by the program that does. */
export interface StartedRunFile {
  /** Says where it listens; from now on the file is there. */
  ready(addresses: Pick<RunFile, 'collector' | 'console'>): Promise<void>;
  /** Notes that a part died. Never rejects: a disk that fails shows elsewhere. */
  restarted(restart: Omit<Restart, 'at'>): void;
  remove(): Promise<void>;
}

/** Restarts remembered: what is older tells no more. */
const MAX_RESTARTS = 20;

export function startRunFile(
  path: string,
  { pid, instance, file }: { readonly pid: number; readonly instance: string; readonly file: string | undefined },
): StartedRunFile {
  const started_at = new Date().toISOString();
  let restarts: readonly Restart[] = [];
  let addresses: Pick<RunFile, 'collector' | 'console'> | undefined;
  let writing: Promise<void> = Promise.resolve();

  // One after another: they share the name that a file has until it is whole.
  const write = (): Promise<void> => {
    const known = addresses;
    if (!known) return Promise.resolve();
    const run: RunFile = {
      ...{ pid, instance, ...known, started_at, version },
      ...(file !== undefined && { config: resolve(file) }),
      restarts,
    };
    writing = writing.catch(() => {}).then(() => writeRunFile(path, run));
    return writing;
  };

  return {
    ready(known) {
      addresses = known;
      return write();
    },
    restarted(restart) {
      restarts = [...restarts, { at: new Date().toISOString(), ...restart }].slice(-MAX_RESTARTS);
      write().catch(() => {});
    },
    async remove() {
      addresses = undefined;
      await writing.catch(() => {});
      await removeRunFile(path);
    },
  };
}
