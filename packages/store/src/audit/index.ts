/**
 * The audit log: who published a policy, changed a key, exported or erased somebody's data, and when; signed, chained and
 * append-only like the receipts, let go by age as they are, and free of personal data. Free of any database engine.
 *
 * @example
 * await appendAudit({
 *   folder: 'data/audit', writer: 'reader', signingKey,
 *   entry: { action: 'retention_run', by: 'program', outcome: 'done', counts: { events: 1200 } },
 * });
 */
export type { ChainFault, CheckedChain } from '../chain/check.ts';
export { chainWriters as auditWriters } from '../chain/read.ts';
export type { VerifiedChains } from '../chain/verify.ts';
export type { AuditAction, AuditActor, AuditOutcome } from './actions.ts';
export { AUDIT_ACTIONS, AUDIT_ACTORS, AUDIT_OUTCOMES } from './actions.ts';
export type { AppendAuditOptions } from './append.ts';
export { appendAudit } from './append.ts';
export type { AuditEntry, NewAudit } from './entry.ts';
export { AUDIT_FAULTS, readAudit, verifyAudit } from './read.ts';
export type { RemovedAudit, RemoveOldAuditOptions } from './shorten.ts';
export { removeOldAudit } from './shorten.ts';
