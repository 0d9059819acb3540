import { appendControl, type ControlState, type KnownRecord, type NewRecord } from '@parcours/store/control';
import { auditOf } from './audit/audited_decisions.ts';
import { writeAudit } from './audit/write_audit.ts';
import type { DataFolder } from './data_folder.ts';
import { fail } from './fail.ts';
import { openSecrets } from './secrets.ts';

/** A decision that cannot be taken: its message is one line that names what, where and the rule. */
export class Refusal extends Error {
  override name = 'Refusal';
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Records what the command line decides, whether the program runs or not, and then writes it to the audit log; ends the
 * command with one line where it is refused, or the disk does.
 *
 * @param decide refuses by throwing a `Refusal`
 */
export async function record(
  folder: DataFolder,
  decide: (state: ControlState) => readonly NewRecord[],
  { json }: { readonly json: boolean },
): Promise<readonly KnownRecord[]> {
  // First, for they sign the audit log: what cannot be told there is not decided.
  const { secrets } = await openSecrets(folder.secrets).catch((error: Error) => fail(error.message, { json }));
  const recorded = await append(folder, decide, json);
  try {
    for (const each of recorded) {
      const entry = auditOf(each);
      if (entry) await writeAudit(folder, secrets, { writer: 'cli', entry });
    }
  } catch (error) {
    fail(`it is decided and in force, but the audit log in ${folder.audit} lacks it: ${(error as Error).message}`, {
      json,
      code: 'not_audited',
    });
  }
  return recorded;
}

async function append(
  { control }: DataFolder,
  decide: (state: ControlState) => readonly NewRecord[],
  json: boolean,
): Promise<readonly KnownRecord[]> {
  try {
    return await appendControl({ folder: control, writer: 'cli', decide });
  } catch (error) {
    if (error instanceof Refusal) fail(error.message, { json, code: error.code });
    fail(`nothing was recorded in ${control}: ${(error as Error).message}`, { json, code: 'not_recorded' });
  }
}
