import type { Config } from '../config.ts';

/** What a child tells its parent: that it serves, or that it cannot and a restart would not help. */
export type ChildMessage =
  | { readonly type: 'ready'; readonly address: string }
  | { readonly type: 'fatal'; readonly message: string };

/** The parts of the program that run as processes of their own. */
export type ChildRole = 'collector' | 'reader';

/** Names of the variables by which the parent hands its children their work. */
export const CHILD_ROLE = 'PARCOURS_CHILD_ROLE';
export const CHILD_CONFIG = 'PARCOURS_CHILD_CONFIG';
export const CHILD_INSTANCE = 'PARCOURS_CHILD_INSTANCE';

/** What a running child can be asked to do. */
export interface Running {
  readonly address: string;
  /** Finishes what was begun and lets go of everything. */
  stop(): Promise<void>;
}

export type StartChild = (config: Config, instance: string) => Promise<Running>;
