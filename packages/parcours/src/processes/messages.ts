import type { Config } from '../config/index.ts';
import type { ChildFigures, LatestStatus, ProgramStatus } from './status.ts';

/** What a child tells its parent: that it serves, that it cannot and a restart would not help, and how it is. */
export type ChildMessage =
  | { readonly type: 'ready'; readonly address: string }
  | { readonly type: 'fatal'; readonly message: string }
  | { readonly type: 'figures'; readonly figures: ChildFigures };

/** What the parent tells its children: how all of them are. */
export interface ParentMessage {
  readonly type: 'status';
  readonly status: ProgramStatus;
}

/** The parts of the program that run as processes of their own. */
export type ChildRole = 'collector' | 'reader';

/** Names of the variables by which the parent hands its children their work. */
export const CHILD_ROLE = 'PARCOURS_CHILD_ROLE';
export const CHILD_CONFIG = 'PARCOURS_CHILD_CONFIG';
export const CHILD_INSTANCE = 'PARCOURS_CHILD_INSTANCE';
export const CHILD_WRITER = 'PARCOURS_CHILD_WRITER';

/** What a running child can be asked to do. */
export interface Running {
  readonly address: string;
  /** Finishes what was begun and lets go of everything. */
  stop(): Promise<void>;
  /** How it is now: asked about once a second, for the parent. */
  figures(): ChildFigures;
}

export type StartChild = (config: Config, run: ChildRun) => Promise<Running>;

export interface ChildRun {
  /** Name of this run of the program. */
  readonly instance: string;
  /** Name of what the child writes: of its folder among the logs, the receipts and the control records. One process at a time. */
  readonly writer: string;
  readonly status: LatestStatus;
}
