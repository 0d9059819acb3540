import { consentWithdrawn } from './consent_withdrawn.ts';
import { failuresPurged } from './failures_purged.ts';
import { failuresSettled } from './failures_settled.ts';
import { keyCreated } from './key_created.ts';
import { keyExpires } from './key_expires.ts';
import { keyRevoked } from './key_revoked.ts';
import { policyPublished } from './policy_published.ts';
import { siteAdded } from './site_added.ts';
import { siteRemoved } from './site_removed.ts';
import { subjectErased } from './subject_erased.ts';

/** Every kind of control record that is known here. A new kind is its file and its line. */
export const KINDS = {
  site_added: siteAdded,
  site_removed: siteRemoved,
  key_created: keyCreated,
  key_revoked: keyRevoked,
  key_expires: keyExpires,
  failures_settled: failuresSettled,
  failures_purged: failuresPurged,
  consent_withdrawn: consentWithdrawn,
  policy_published: policyPublished,
  subject_erased: subjectErased,
} as const;

type Kinds = typeof KINDS;
export type KindName = keyof Kinds;

/** The record of one kind. */
export type RecordOf<Name extends KindName> = Parameters<Kinds[Name]['take']>[1];

/** A record of any known kind. */
export type KnownRecord = { [Name in KindName]: RecordOf<Name> }[KindName];

/** What all records say together, kind by kind. */
export type ControlState = { readonly [Name in KindName]: Readonly<ReturnType<Kinds[Name]['empty']>> };
