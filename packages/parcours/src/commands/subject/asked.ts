import type { AskedSubject } from '@parcours/store';
import { SUBJECT_BY, type SubjectBy } from '@parcours/store/control';
import { fail } from '../../fail.ts';

export interface AskedFlags {
  readonly by: string;
  readonly site?: string;
  readonly data: string;
  readonly json?: boolean;
}

export const BY_HELP = `what <value> is: ${SUBJECT_BY.join(', ')}`;

/** Who is asked for; ends the command with one line where `--by` is none of those that there are. */
export function askedOf(value: string, { by, site, json = false }: AskedFlags): AskedSubject {
  if (!(SUBJECT_BY as readonly string[]).includes(by)) {
    fail(`--by must be one of ${SUBJECT_BY.join(', ')} (it is "${by}")`, { json, code: 'bad_flag' });
  }
  return { by: by as SubjectBy, value, ...(site !== undefined && { site }) };
}
