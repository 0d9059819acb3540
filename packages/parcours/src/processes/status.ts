import type { Accounts } from '@parcours/collector';
import type { ChildRole } from './messages.ts';

/** What the collector tells the parent about once a second. */
export interface CollectorFigures {
  readonly role: 'collector';
  /** How the items received since its start ended. */
  readonly accounts: Accounts;
  /** Bytes that wait for the disk, and bytes on disk that the reader has not loaded. */
  readonly pendingBytes: number;
  readonly backlogBytes: number;
  /** Whether the last write to the log succeeded. */
  readonly isWritable: boolean;
}

/** What the reader tells the parent about once a second. */
export interface ReaderFigures {
  readonly role: 'reader';
  /** Every record that was in the log this long ago is loaded. */
  readonly lagMs: number;
  readonly backlogBytes: number;
  readonly loadedRows: number;
  /** Whether the last load failed. */
  readonly isFailing: boolean;
}

export type ChildFigures = CollectorFigures | ReaderFigures;

/** How one part of the program is. Times are ms since the epoch. */
export interface PartStatus {
  readonly role: ChildRole;
  /** Whether it runs and has said that it serves. */
  readonly isUp: boolean;
  /** When the process that runs now was started; absent between two of them. */
  readonly startedAt?: number;
  /** Times it was started again since the program began, by why the one before ended: a signal's name, `exit` or `fatal`. */
  readonly restarts: Readonly<Record<string, number>>;
  /** What it told last, and when; those of a dead one stay until the next tells. */
  readonly figures?: ChildFigures;
  readonly figuresAt?: number;
}

/** An alert that is on. */
export interface ActiveAlert {
  readonly name: string;
  /** Ms since the epoch. */
  readonly since: number;
  /** One line for a person, in English. */
  readonly text: string;
}

/** How the whole program is: what the parent tells every part about once a second. */
export interface ProgramStatus {
  readonly startedAt: number;
  readonly version: string;
  readonly parts: readonly PartStatus[];
  /** The disk of the data folder; absent where the system does not say. */
  readonly disk?: { readonly freeBytes: number; readonly sizeBytes: number };
  readonly alerts: readonly ActiveAlert[];
}

/** A program's status as one of its parts knows it; nothing before the parent first tells, nor without a parent. */
export type LatestStatus = () => ProgramStatus | undefined;
