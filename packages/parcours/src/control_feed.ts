import { type ControlFeed, openControlFeed } from '@parcours/store/control';
import type { Registry } from 'prom-client';
import type { DataFolder } from './data_folder.ts';
import type { createLogger } from './logger.ts';
import { controlMetrics } from './metrics/control.ts';

/** Follows what is recorded under a data folder, with its faults in the process's log and its lag in its metrics. */
export async function followControl(
  folder: DataFolder,
  { logger, registry }: { readonly logger: ReturnType<typeof createLogger>; readonly registry: Registry },
): Promise<ControlFeed> {
  const feed = await openControlFeed({
    folder: folder.control,
    onBad: (line) => logger.error(line, 'a bad line of a control log'),
    onError: (error) => logger.error({ reason: String(error) }, 'control logs cannot be read, will try again'),
  });
  controlMetrics(registry, feed);
  return feed;
}
