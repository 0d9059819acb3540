import type { Migration } from './migration.ts';
import { scriptsByVersion } from './scripts_by_version.ts';

/** Every step there is, from the oldest format on. A new one is its file and its line here. */
export const MIGRATIONS: readonly Migration[] = [scriptsByVersion];
