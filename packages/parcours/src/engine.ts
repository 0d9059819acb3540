import { type Engine, EngineOpenError, isMissing, openDuckDb, type Rebuilt, rebuild } from '@parcours/store';
import { readControl } from '@parcours/store/control';
import type { Config } from './config/index.ts';
import { dataFolder } from './data_folder.ts';

/**
 * Opens the engine of a data folder; where its file is damaged, or gone while sealed days are there, it is made again
 * from those days and the log first. The old file is moved aside, never deleted.
 *
 * @param onRebuild told before a rebuild, with the reason
 * @throws EngineOpenError `locked` where another process has it
 */
export async function openEngine(
  config: Pick<Config, 'data' | 'queryMemoryMb'>,
  onRebuild: (reason: string) => void,
): Promise<Engine> {
  const { database: path, store: folder } = dataFolder(config.data);
  const open = (): Promise<Engine> => openDuckDb({ path, folder, memoryLimit: `${config.queryMemoryMb}MB` });
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
  await rebuildEngine(config);
  return open();
}

/** Makes the database of a data folder again. Nothing else may have it open. */
export async function rebuildEngine(config: Pick<Config, 'data' | 'queryMemoryMb'>): Promise<Rebuilt> {
  const { database, store: folder, logs, control } = dataFolder(config.data);
  const { failures_settled, failures_purged } = await readControl(control);
  return rebuild({
    settled: [...failures_settled.keys()],
    purged: [...failures_purged.values()],
    path: database,
    logs,
    open: (path) => openDuckDb({ path, folder, memoryLimit: `${config.queryMemoryMb}MB` }),
    now: Date.now(),
  });
}
