import type { Engine, Loader } from '@parcours/store';
import { dataFolder } from './data_folder.ts';

/** The tables of a data folder on which nothing runs, opened in this process, with all of the log loaded. */
export async function openHere(root: string): Promise<{ readonly engine: Engine; readonly loader: Loader }> {
  // Loaded only here: no other command needs a database engine in its process.
  const { openEngine } = await import('./engine.ts');
  const { createLoader } = await import('@parcours/store');
  const engine = await openEngine({ data: root, queryMemoryMb: 512 }, () => undefined);
  try {
    const loader = createLoader({ logs: dataFolder(root).logs, engine });
    await loader.drain();
    return { engine, loader };
  } catch (error) {
    await engine.close();
    throw error;
  }
}
