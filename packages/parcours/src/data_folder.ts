import { join } from 'node:path';

/** Where everything of one data folder lies. */
export interface DataFolder {
  readonly root: string;
  /** One folder a log in it. */
  readonly logs: string;
  /** Control records, one folder a writer; kept for ever. */
  readonly control: string;
  readonly database: string;
  /** Sealed days and what the loader has in hand. */
  readonly store: string;
  readonly secrets: string;
  /** Every published version of the browser script. */
  readonly scripts: string;
  /** Addresses of the running program. */
  readonly run: string;
}

export const dataFolder = (root: string): DataFolder => ({
  root,
  logs: join(root, 'log'),
  control: join(root, 'control'),
  database: join(root, 'store', 'parcours.duckdb'),
  store: join(root, 'store'),
  secrets: join(root, 'secrets.json'),
  scripts: join(root, 'scripts'),
  run: join(root, 'run.json'),
});
