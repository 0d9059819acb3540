/** What is said of an action beside its counts: names, versions and settings, never anything of a person. */
type About = readonly string[];

/**
 * Every action that belongs in the audit log, with what may be said of it. Whatever is not listed here cannot be written, so
 * that nothing of a person gets in by accident: whose data it was is told by `subject`, a keyed hash. A new action is a line.
 */
export const AUDIT_ACTIONS = {
  policy_published: ['version', 'hash'],
  site_added: ['site'],
  site_removed: ['site'],
  key_created: ['key', 'use', 'site', 'role', 'replaces', 'expires_at'],
  key_expires: ['key', 'expires_at'],
  key_revoked: ['key'],
  subject_exported: ['by', 'site'],
  subject_erased: ['by', 'site', 'log_gone_by'],
  opted_out: ['by', 'site'],
  retention_run: ['dry_run', 'preset', 'took_ms'],
} as const satisfies Record<string, About>;

export type AuditAction = keyof typeof AUDIT_ACTIONS;

/** `refused`: it was asked for and the rules forbid it. `failed`: it began and did not end; counts tell how far it came. */
export const AUDIT_OUTCOMES = ['done', 'refused', 'failed'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/** Who: the command line, the program by itself (a daily job), a role of the console, or the visitor whose data it is. */
export const AUDIT_ACTORS = ['cli', 'program', 'admin', 'analyst', 'privacy', 'visitor'] as const;
export type AuditActor = (typeof AUDIT_ACTORS)[number];
