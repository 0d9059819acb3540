import type { ControlState } from '@parcours/store/control';
import type { Config } from '../config/index.ts';
import type { DataFolder } from '../data_folder.ts';
import type { FileSystem } from '../file_system.ts';
import type { RunFile } from '../run_file.ts';
import type { Ask } from './http.ts';
import type { Space } from './probes/space.ts';

/** What every check is given: the set-up, and the ways to look at it. All of it can be another's in a test. */
export interface Context {
  readonly folder: DataFolder;
  /** As the file, environment and defaults have it now. */
  readonly config: Config;
  /** Where the file is, or would be. */
  readonly configFile: string | undefined;
  /** What is wrong with it; then `config` is the defaults. */
  readonly configFault: string | undefined;
  /** Sites in force, or the one of `--site`. */
  readonly sites: readonly SiteInForce[];
  /** What commands have recorded; undefined where it cannot be read. */
  readonly control: ControlState | undefined;
  /** What was last said to run on the folder. */
  readonly run: RunFile | undefined;
  /** Where browsers send events: `--url`, with the path of the events where it has none. */
  readonly url: URL | undefined;
  /** A page of the shop: `--page`. */
  readonly page: URL | undefined;
  readonly probes: Probes;
}

/** A site that may send. */
export interface SiteInForce {
  readonly id: string;
  /** Public keys. */
  readonly keys: readonly string[];
  readonly origins: readonly string[];
}

export interface Probes {
  /** Ms since the epoch. */
  now(): number;
  readonly ask: Ask;
  fileSystem(folder: string): Promise<FileSystem | undefined>;
  space(folder: string): Promise<Space>;
  syncTimes(folder: string): readonly number[];
  clockSynchronised(): Promise<boolean | undefined>;
  /** One SELECT through the running reader, rows by column. Rejects where it does not answer. */
  query(select: string): Promise<readonly Row[]>;
  /** What signs a diagnostic request; undefined where the secrets cannot be read. */
  diagnoseSecret(): Promise<Uint8Array | undefined>;
  /** `20.15.1` */
  readonly nodeVersion: string;
}

/** A row by column. */
export type Row = Readonly<Record<string, unknown>>;
