import { resolve } from 'node:path';
import { type Config, ConfigError, loadSettings } from '../config/index.ts';
import type { DataFolder } from '../data_folder.ts';
import { fail } from '../fail.ts';
import { readRunFile } from '../run_file.ts';

/** What the configuration file says of sites, for a command that stands beside the running program. */
export interface Configured {
  /** The file, absolute; it need not be there. */
  readonly file: string;
  readonly sites: Config['sites'];
}

/**
 * The file of `--config`, else the one that the running program was started with, else the default one of this folder.
 * Ends the command with one line where it is wrong.
 */
export async function configuredSites(
  folder: DataFolder,
  { config, json }: { readonly config: string | undefined; readonly json: boolean },
): Promise<Configured> {
  const file = config ?? (await readRunFile(folder.run))?.config;
  try {
    const loaded = await loadSettings({ flags: {}, file, env: {} });
    return { file: resolve(loaded.file ?? 'parcours.config.json'), sites: loaded.config.sites };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    fail(error.message, { json, code: 'configuration' });
  }
}
