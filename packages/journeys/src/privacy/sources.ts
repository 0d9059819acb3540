import type { Policy } from '@parcours/protocol';
import type { RowClassName } from '@parcours/store';
import type { AuditAction, AuditActor, AuditOutcome } from '@parcours/store/audit';

/** A policy as it is in force. */
export interface PolicyShown {
  readonly version: string;
  readonly hash: string;
  readonly policy: Policy;
  /** When it was published, RFC 3339 UTC; absent: none was, and the built-in one is in force. */
  readonly since?: string;
}

/** Choices that receipts prove, of one consent source and one country. */
export interface ChoiceFigures {
  readonly source: string;
  /** ISO 3166-1 alpha-2; absent where the receipts do not know it. */
  readonly country?: string;
  readonly grants: number;
  readonly withdrawals: number;
  /** Grants that include each purpose. */
  readonly purposes: Readonly<Record<string, number>>;
}

/** A receipt as a privacy team reads it. Times are RFC 3339 UTC. */
export interface ReceiptShown {
  readonly receipt_id: string;
  readonly site: string;
  readonly action: 'grant' | 'withdraw';
  readonly purposes: readonly string[];
  readonly source: string;
  readonly policy?: string;
  readonly received_at: string;
  readonly expires_at?: string;
}

/** What identifies the receipts that are looked for. */
export const LOOKUPS = ['visitor', 'receipt'] as const;
export type Lookup = (typeof LOOKUPS)[number];

/** What was done with people's data and its rules, as the audit log has it. */
export interface ActionShown {
  /** RFC 3339 UTC. */
  readonly at: string;
  readonly action: AuditAction;
  readonly by: AuditActor;
  readonly outcome: AuditOutcome;
  readonly counts: Readonly<Record<string, number>>;
  /** When the log's last segment with the data of whoever was erased is gone, RFC 3339 UTC. */
  readonly logGoneBy?: string;
}

/** The last run of the job that takes away what is older than the policy allows. */
export interface RetentionShown {
  /** RFC 3339 UTC. */
  readonly at: string;
  /** By site and class: how many rows the run took. */
  readonly rows: readonly { readonly removed: number }[];
  /** What rests in files: segments of the log, receipts, marks of the erased, entries of the audit log. */
  readonly files: readonly {
    readonly class: 'log' | 'receipts' | 'tombstones' | 'audit';
    readonly days: number;
    readonly removed: number;
    readonly oldest?: string | undefined;
  }[];
}

/** What only the program knows of consent and rights. */
export interface PrivacySources {
  policy(): PolicyShown;
  /** Choices received since a moment, ms since the epoch. */
  choices(since: number): Promise<readonly ChoiceFigures[]>;
  /** The newest receipts of a visitor, by the id that the browser shows, or one by its own id; and how many there are. */
  receipts(
    by: Lookup,
    value: string,
    limit: number,
  ): Promise<{ readonly found: readonly ReceiptShown[]; readonly all: number }>;
  /** Days for which a site's rows of each class are kept. */
  keptFor(site: string): Readonly<Record<RowClassName, number>>;
  /** Undefined: it never ran. */
  retention(): Promise<RetentionShown | undefined>;
  /** The newest entries of the audit log, the newest first. */
  actions(limit: number): Promise<readonly ActionShown[]>;
}
