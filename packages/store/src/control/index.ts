/**
 * What humans decided and every process must know at once: control records, appended durably, followed in memory, folded
 * into state. Free of any database engine.
 */

export type { AppendControlOptions, NewRecord } from './append.ts';
export { appendControl } from './append.ts';
export { AUDIT_DAYS, auditDays } from './audit_days.ts';
export { foldControl } from './fold.ts';
export type { ControlFeed, ControlStats, FollowOptions } from './follow.ts';
export { openControlFeed } from './follow.ts';
export type { ControlKey, KeyState } from './keys.ts';
export { isOpen, keysOf, nextExpiry } from './keys.ts';
export type { ConsentWithdrawn, WithdrawnPurposes } from './kinds/consent_withdrawn.ts';
export { lastWithdrawnAt, WITHDRAWN_DAYS, withdrawnOf } from './kinds/consent_withdrawn.ts';
export type { Settlement } from './kinds/failures_settled.ts';
export { MAX_SETTLED } from './kinds/failures_settled.ts';
export type { ControlState, KnownRecord } from './kinds/index.ts';
export type { ConsoleKeyCreated, KeyCreated, PublicKeyCreated, Role, ServerKeyCreated } from './kinds/key_created.ts';
export { ROLES } from './kinds/key_created.ts';
export type { PolicyPublished } from './kinds/policy_published.ts';
export type { SiteAdded } from './kinds/site_added.ts';
export type { SubjectErased } from './kinds/subject_erased.ts';
export { erasedAt, erasuresOf, hasErased, MAX_ERASED, tombstonesEnd } from './kinds/subject_erased.ts';
export { controlFault } from './parse.ts';
export { policiesOf, policyInForce } from './policies.ts';
export type { BadControlLine } from './reader.ts';
export { readControl } from './reader.ts';
export type { ControlRecord } from './record.ts';
export type { RemovedTombstones, RemoveTombstonesOptions } from './remove_tombstones.ts';
export { removeTombstones } from './remove_tombstones.ts';
export { secretHash } from './secret_hash.ts';
export { sitesOf } from './sites.ts';
export type { PersonKind, SubjectBy, SubjectId, SubjectKind, TransactionKind } from './subject_ids.ts';
export { erasedHash, PERSON_KINDS, SUBJECT_BY, TRANSACTION_KINDS } from './subject_ids.ts';
export { tombstoneDays } from './tombstone_days.ts';
export type { ControlWriter, ControlWriterOptions } from './writer.ts';
export { openControlWriter } from './writer.ts';
