/**
 * The file operations that the log needs and nothing more: a parameter, so that a test can lose every byte that was
 * not synced, fail an fdatasync, or fill the disk. All take absolute paths and reject with Node's error codes.
 */
export interface LogFiles {
  /** Opens a new file for appending; rejects with EEXIST where there is one. Its name is durable after `syncFolder`. */
  create(path: string): Promise<LogWriter>;
  /** Opens an existing file for reading. */
  open(path: string): Promise<LogReader>;
  /** Names in a folder; empty where there is none. */
  list(folder: string): Promise<readonly string[]>;
  /** Makes one folder: false where it exists; rejects with ENOENT where its parent is missing. */
  makeFolder(folder: string): Promise<boolean>;
  /** Makes the names in a folder durable. */
  syncFolder(folder: string): Promise<void>;
  /** Makes durable what a file holds, whoever wrote it; rejects with ENOENT where there is none. */
  syncFile(path: string): Promise<void>;
  /** Writes a whole file so that whoever opens it finds the old bytes or the new ones. Not durable: for hints. */
  replace(path: string, bytes: Uint8Array): Promise<void>;
  remove(path: string): Promise<void>;
  /** Gives a file a second name in the same folder; rejects with EEXIST where that is taken. Durable after `syncFolder`. */
  link(path: string, name: string): Promise<void>;
  /** Share of the folder's disk in use, 0 to 1, as an ordinary user sees it (`df`). */
  diskUse(folder: string): Promise<number>;
}

/** A file opened for appending. */
export interface LogWriter {
  /** Appends all bytes at the end. A rejection may leave part of them. */
  append(bytes: Uint8Array): Promise<void>;
  /**
   * Makes what was appended durable. After a rejection the bytes are lost, even if a later call succeeds: Linux marks
   * pages clean when their writeback fails (https://lwn.net/Articles/752063/).
   */
  datasync(): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

/** A file opened for reading, while another may still append to it. */
export interface LogReader {
  /** Reads `length` bytes at `position` into memory of their own; fewer only at the end of the file. */
  read(position: number, length: number): Promise<Uint8Array>;
  size(): Promise<number>;
  close(): Promise<void>;
}

/** Whether an error is the file system's, with this code. */
export const isFileError = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
