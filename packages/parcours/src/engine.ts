import {
  type Engine,
  EngineOpenError,
  type ErasureRequest,
  isMissing,
  openDuckDb,
  type RebuildOptions,
  type Rebuilt,
  rebuild,
} from '@parcours/store';
import { type ControlState, erasuresOf, readControl } from '@parcours/store/control';
import type { Config } from './config/index.ts';
import { type DataFolder, dataFolder } from './data_folder.ts';
import { readRetentionFile } from './retention/retention_file.ts';
import { readSecrets } from './secrets.ts';

/**
 * Opens the engine of a data folder; where its file is damaged, or gone while sealed days are there, it is made again
 * from those days and the log first. The old file is moved aside, never deleted. Whoever was erased is out of it before it is
 * given, and stays out.
 *
 * @param onRebuild told before a rebuild, with the reason
 * @param onBad told of each line of the logs that a rebuild passes over
 * @throws EngineOpenError `locked` where another process has it
 */
export async function openEngine(
  config: Pick<Config, 'data' | 'queryMemoryMb'>,
  onRebuild: (reason: string) => void,
  onBad?: RebuildOptions['onBad'],
): Promise<Engine> {
  const data = dataFolder(config.data);
  const { database: path, store: folder } = data;
  const open = async (): Promise<Engine> => {
    const engine = await openDuckDb({ path, folder, memoryLimit: `${config.queryMemoryMb}MB` });
    try {
      const erased = await erasedIn(data, await readControl(data.control));
      if (erased) await engine.eraseSubjects(erased);
      return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  };
  if (await isMissing({ path, folder })) {
    onRebuild('the database is missing');
  } else {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof EngineOpenError) || error.code === 'locked') throw error;
      onRebuild(error.message);
    }
  }
  await rebuildEngine(config, onBad);
  return open();
}

/** Makes the database of a data folder again. Nothing else may have it open. */
export async function rebuildEngine(
  config: Pick<Config, 'data' | 'queryMemoryMb'>,
  onBad?: RebuildOptions['onBad'],
): Promise<Rebuilt> {
  const data = dataFolder(config.data);
  const { database, store: folder, logs, control, retention } = data;
  const state = await readControl(control);
  const { failures_settled, failures_purged } = state;
  const erased = await erasedIn(data, state);
  const { expired } = await readRetentionFile(retention);
  return rebuild({
    ...(erased && { erased }),
    expired,
    settled: [...failures_settled.keys()],
    purged: [...failures_purged.values()],
    path: database,
    logs,
    open: (path) => openDuckDb({ path, folder, memoryLimit: `${config.queryMemoryMb}MB` }),
    now: Date.now(),
    ...(onBad && { onBad }),
  });
}

/** Who was erased in a data folder, where anybody was: without the secrets nobody can tell whose rows they are. */
async function erasedIn({ secrets }: DataFolder, state: ControlState): Promise<ErasureRequest | undefined> {
  const erasures = erasuresOf(state, Date.now());
  if (erasures.length === 0) return undefined;
  return { key: Buffer.from((await readSecrets(secrets)).receipts, 'base64url'), erasures };
}
