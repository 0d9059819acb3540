import type { DataFolder } from '../data_folder.ts';

/** One step from a format of the data folder to the next. */
export interface Migration {
  /** The format that it makes. */
  readonly to: number;
  /** What it does, in words for whoever runs the program. */
  readonly does: string;
  /**
   * Whether a start may take it without being told: it only adds, is quick, and the version before still reads the folder.
   * Whatever is not waits for `parcours migrate`.
   */
  readonly isSafe: boolean;
  /** Done again over what an interrupted run left, it comes to the same. */
  run(folder: DataFolder): Promise<void>;
}
