/**
 * What humans decided and every process must know at once: control records, appended durably, followed in memory, folded
 * into state. Free of any database engine.
 */
export type { AppendControlOptions, NewRecord } from './append.ts';
export { appendControl } from './append.ts';
export { foldControl } from './fold.ts';
export type { ControlFeed, ControlStats, FollowOptions } from './follow.ts';
export { openControlFeed } from './follow.ts';
export type { ControlKey, KeyState } from './keys.ts';
export { isOpen, keysOf, nextExpiry } from './keys.ts';
export type { Settlement } from './kinds/failures_settled.ts';
export { MAX_SETTLED } from './kinds/failures_settled.ts';
export type { ControlState, KnownRecord } from './kinds/index.ts';
export type { ConsoleKeyCreated, KeyCreated, PublicKeyCreated, Role, ServerKeyCreated } from './kinds/key_created.ts';
export { ROLES } from './kinds/key_created.ts';
export type { SiteAdded } from './kinds/site_added.ts';
export { controlFault } from './parse.ts';
export type { BadControlLine } from './reader.ts';
export { readControl } from './reader.ts';
export type { ControlRecord } from './record.ts';
export { secretHash } from './secret_hash.ts';
export { sitesOf } from './sites.ts';
