import { resolveRules } from '@parcours/protocol/policy';
import type { Engine, Subjects, SubjectsOptions } from '@parcours/store';
import { auditDays } from '@parcours/store/control';
import type { DataFolder } from '../data_folder.ts';
import { policyNow } from '../policy/published.ts';
import type { Secrets } from '../secrets.ts';

export interface SubjectsOfOptions extends Pick<SubjectsOptions, 'drain' | 'logDays' | 'sealing'> {
  readonly engine: Engine;
  readonly folder: DataFolder;
  readonly secrets: Secrets;
  /** `cli` or `reader`: the folders that it writes in. */
  readonly writer: 'cli' | 'reader';
  readonly create: (options: SubjectsOptions) => Subjects;
}

/** The people of a data folder: found, exported and erased under its policy, with its secrets. */
export function subjectsOf({ folder, secrets, create, ...options }: SubjectsOfOptions): Subjects {
  const { control, receipts, audit } = folder;
  const key = (secret: string): Uint8Array => Buffer.from(secret, 'base64url');
  return create({
    ...options,
    control,
    receipts,
    audit,
    keys: { receipts: key(secrets.receipts), join: key(secrets.join), signing: key(secrets.signing) },
    retentionOf: (state, site) => ({
      ...resolveRules(policyNow(state).policy, site).retention,
      audit_days: auditDays(state),
    }),
  });
}
