/**
 * The file operations that the log needs and nothing more: a parameter, so that a test can lose every byte that was
 * not synced, fail an fdatasync, or fill the disk. All take absolute paths and reject with Node's error codes.
 */
export interface LogFiles {
  /** Opens a new file for appending; rejects with EEXIST where there is one. */
  create(path: string): Promise<LogFile>;
  /** Opens an existing file for reading. */
  open(path: string): Promise<LogFile>;
  /** Names in a folder; empty where there is none. */
  list(folder: string): Promise<readonly string[]>;
  makeFolder(folder: string): Promise<void>;
  /** Makes the names in a folder durable. */
  syncFolder(folder: string): Promise<void>;
  remove(path: string): Promise<void>;
}

export interface LogFile {
  /** Appends all bytes at the end. A rejection may leave part of them. */
  append(bytes: Uint8Array): Promise<void>;
  /** Reads up to `length` bytes at `position`; fewer at the end of the file. */
  read(position: number, length: number): Promise<Uint8Array>;
  /** Makes what was appended durable. */
  datasync(): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}
