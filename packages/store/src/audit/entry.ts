import type { ChainKind, ChainRecord } from '../chain/record.ts';
import {
  AUDIT_ACTIONS,
  AUDIT_ACTORS,
  AUDIT_OUTCOMES,
  type AuditAction,
  type AuditActor,
  type AuditOutcome,
} from './actions.ts';

type AboutOf<Action extends AuditAction> = {
  readonly [Name in (typeof AUDIT_ACTIONS)[Action][number]]?: string | number | boolean;
};

/** What was done, by whom, and with which result, as whoever does it states it. */
export type NewAudit = {
  readonly [Action in AuditAction]: {
    readonly action: Action;
    readonly by: AuditActor;
    /** Id of the console secret that was used, `k_…`; absent where none was. */
    readonly by_key?: string;
    readonly outcome: AuditOutcome;
    /** Whose data it was: a keyed hash. */
    readonly subject?: string;
    readonly about?: AboutOf<Action>;
    /** How many of each thing: rows, days, files. Whole numbers. */
    readonly counts?: Readonly<Record<string, number>>;
  };
}[AuditAction];

/** One entry of the audit log. Version 1 only grows; names are snake_case; a field that is not known is absent. */
export type AuditEntry = NewAudit &
  ChainRecord & {
    readonly v: 1;
    readonly kind: 'audit';
    readonly entry_id: string;
    /** UTC, `YYYY-MM-DDTHH:mm:ss.sssZ`, by the clock of the machine that did it. */
    readonly at: string;
  };

/** Entries as a chain holds them. */
export const AUDIT: ChainKind<AuditEntry> = {
  fault: entryFault,
  idOf: ({ entry_id }) => entry_id,
  timeOf: ({ at }) => at,
};

/** Characters of one value: names, versions, hashes and times; nothing that needs more belongs here. */
const MAX_TEXT = 200;
const NAME = /^[a-z][a-z0-9_]{0,59}$/;
const SUBJECT = /^[A-Za-z0-9_-]{43}$/;

/** What is wrong with an entry that is to be written; undefined where nothing is. */
export function newAuditFault(entry: NewAudit): string | undefined {
  const { action, by, by_key, outcome, subject, about = {}, counts = {} } = entry;
  if (!Object.hasOwn(AUDIT_ACTIONS, action)) return `action must be one of ${Object.keys(AUDIT_ACTIONS).join(', ')}`;
  if (!AUDIT_ACTORS.includes(by)) return `by must be one of ${AUDIT_ACTORS.join(', ')}`;
  if (!AUDIT_OUTCOMES.includes(outcome)) return `outcome must be one of ${AUDIT_OUTCOMES.join(', ')}`;
  if (by_key !== undefined && !isShortText(by_key)) return `by_key must be a text of at most ${MAX_TEXT} characters`;
  if (subject !== undefined && !SUBJECT.test(subject)) return 'subject must be a keyed hash of 43 characters';
  const allowed: readonly string[] = AUDIT_ACTIONS[action];
  for (const [name, value] of Object.entries(about)) {
    if (!allowed.includes(name)) return `about.${name} is not said of ${action}: there are ${allowed.join(', ')}`;
    if (!isShortText(value) && typeof value !== 'number' && typeof value !== 'boolean') {
      return `about.${name} must be a number, true, false or a text of at most ${MAX_TEXT} characters`;
    }
  }
  for (const [name, value] of Object.entries(counts)) {
    if (!NAME.test(name)) return 'a name in counts must be of a to z, 0 to 9 and _';
    if (!Number.isSafeInteger(value) || value < 0) return `counts.${name} must be a whole number`;
  }
  return undefined;
}

const isShortText = (value: unknown): boolean => typeof value === 'string' && value.length <= MAX_TEXT;

/** What is wrong with a line of the log. An action that is not known here is a newer program's. */
function entryFault(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'an entry must be an object';
  const fields = value as Readonly<Record<string, unknown>>;
  if (fields.v !== 1 || fields.kind !== 'audit') return 'v must be 1 and kind "audit"';
  for (const name of ['entry_id', 'at', 'action', 'by', 'outcome', 'signature']) {
    if (typeof fields[name] !== 'string') return `${name} must be a text`;
  }
  if (Number.isNaN(Date.parse(String(fields.at)))) return 'at must be a time';
  if (!Number.isSafeInteger(fields.seq)) return 'seq must be a whole number';
  return fields.previous === null || typeof fields.previous === 'string'
    ? undefined
    : 'previous must be a text or null';
}
