import { resolve } from 'node:path';
import { json as readJson } from 'node:stream/consumers';
import type { AskedSubject, ErasedSubject, FoundSubject } from '@parcours/store';
import { checkDataFolder } from '../backup/check_data_folder.ts';
import { dataFolder } from '../data_folder.ts';
import { prepareDataFolder } from '../data_format.ts';
import { openHere } from '../open_here.ts';
import { isRunning, readRunFile } from '../run_file.ts';
import { askRunning, piecesOf } from '../running_reader.ts';
import { readSecrets } from '../secrets.ts';
import { subjectsOf } from './subjects_of.ts';

/** The people of a data folder, as the command line asks for them. */
export interface OpenedSubjects {
  find(asked: AskedSubject): Promise<FoundSubject>;
  export(asked: AskedSubject): Promise<AsyncIterable<Uint8Array | string>>;
  erase(
    asked: AskedSubject,
    how: { readonly dryRun: boolean; readonly evenIfUnknown: boolean },
  ): Promise<ErasedSubject>;
  close(): Promise<void>;
}

/** Days that the log stays where nothing runs that could say so. */
const LOG_DAYS = 7;

/**
 * Asks the reader where the program runs, which has the tables to itself; opens them in this process where nothing runs.
 *
 * @throws RefusedError, SubjectError, BackupError, DataFormatError
 */
export async function openSubjects(data: string): Promise<OpenedSubjects> {
  const root = resolve(data);
  const folder = dataFolder(root);
  const run = await readRunFile(folder.run);
  if (run && (await isRunning(run))) {
    const { admin: token } = await readSecrets(folder.secrets);
    const ask = (path: string, body: object) => askRunning(run, { path: `/v1/subjects/${path}`, body, token });
    return {
      find: async (asked) => (await readJson(await ask('find', asked))) as FoundSubject,
      export: async (asked) => piecesOf(await ask('export', asked)),
      erase: async (asked, how) => (await readJson(await ask('erase', { ...asked, ...how }))) as ErasedSubject,
      close: async () => undefined,
    };
  }
  await checkDataFolder(root, { withSecrets: true });
  await prepareDataFolder(root);
  const secrets = await readSecrets(folder.secrets);
  const { engine, loader } = await openHere(root);
  const { createSubjects } = await import('@parcours/store');
  const subjects = subjectsOf({
    engine,
    drain: loader.drain,
    folder,
    secrets,
    writer: 'cli',
    logDays: LOG_DAYS,
    create: createSubjects,
  });
  const asker = { by: 'cli' } as const;
  return {
    find: (asked) => subjects.findSubject(asked),
    export: (asked) => subjects.exportSubject(asked, { asker }),
    erase: (asked, how) => subjects.eraseSubject(asked, { asker, ...how }),
    close: () => engine.close(),
  };
}
