import type { NewAudit } from '@parcours/store/audit';
import type { KnownRecord } from '@parcours/store/control';

type Decision = Pick<NewAudit, 'action' | 'about'>;

/**
 * What the audit log says of each kind of control record that the command line makes; `undefined`: nothing. A kind that is
 * not here does not compile, so whoever adds one decides.
 */
const AUDITED: {
  readonly [Kind in KnownRecord['kind']]: (record: Extract<KnownRecord, { kind: Kind }>) => Decision | undefined;
} = {
  site_added: ({ site }) => ({ action: 'site_added', about: { site } }),
  site_removed: ({ site }) => ({ action: 'site_removed', about: { site } }),
  key_created: (record) => ({
    action: 'key_created',
    about: {
      key: record.key,
      use: record.use,
      ...(record.use === 'console' ? { role: record.role } : { site: record.site }),
      ...(record.replaces !== undefined && { replaces: record.replaces }),
      ...(record.expires_at !== undefined && { expires_at: record.expires_at }),
    },
  }),
  key_revoked: ({ key }) => ({ action: 'key_revoked', about: { key } }),
  key_expires: ({ key, expires_at }) => ({ action: 'key_expires', about: { key, expires_at } }),
  policy_published: ({ version, hash }) => ({ action: 'policy_published', about: { version, hash } }),
  // Care for failed items decides nothing on keys, policies or people.
  failures_settled: () => undefined,
  failures_purged: () => undefined,
  // The visitor's own, with a receipt as its proof.
  consent_withdrawn: () => undefined,
  // Whoever erases writes an entry of its own, with what was erased.
  subject_erased: () => undefined,
};

/** The entry of the audit log for a control record that was made at the command line; undefined where none belongs there. */
export function auditOf(record: KnownRecord): NewAudit | undefined {
  const decision = (AUDITED[record.kind] as (record: KnownRecord) => Decision | undefined)(record);
  return decision && ({ ...decision, by: 'cli', outcome: 'done' } as NewAudit);
}
