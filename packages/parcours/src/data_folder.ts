import { join } from 'node:path';

/** Where everything of one data folder lies. */
export interface DataFolder {
  readonly root: string;
  /** One folder a log in it. */
  readonly logs: string;
  /** Control records, one folder a writer; kept for ever but for old marks of the erased. */
  readonly control: string;
  /** Receipts of consent, one folder a writer; only age takes from their beginning. */
  readonly receipts: string;
  /** Who did what to keys, policies and people's data, one folder a writer; append-only. */
  readonly audit: string;
  /** What age has taken, and the last run of retention. */
  readonly retention: string;
  readonly database: string;
  /** Sealed days and what the loader has in hand. */
  readonly store: string;
  readonly secrets: string;
  /** Every published version of the browser script. */
  readonly scripts: string;
  /** Where the reader answers its own collectors: a Unix socket. */
  readonly door: string;
  /** Addresses of the running program. */
  readonly run: string;
}

export const dataFolder = (root: string): DataFolder => ({
  root,
  logs: join(root, 'log'),
  control: join(root, 'control'),
  receipts: join(root, 'receipts'),
  audit: join(root, 'audit'),
  retention: join(root, 'retention.json'),
  database: join(root, 'store', 'parcours.duckdb'),
  store: join(root, 'store'),
  secrets: join(root, 'secrets.json'),
  scripts: join(root, 'scripts'),
  door: join(root, 'reader.sock'),
  run: join(root, 'run.json'),
});
