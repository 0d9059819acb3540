import type { Policy } from '@parcours/protocol';
import { fail } from '../fail.ts';
import { type PolicyFile, PolicyFileError, readPolicyFile } from './policy_file.ts';
import { faultLine } from './told_faults.ts';

/** The policy of a file without fault; ends the command where it has one, or cannot be read. */
export async function checkedPolicy(
  given: string | undefined,
  { json }: { readonly json: boolean },
): Promise<{ readonly path: string; readonly policy: Policy }> {
  const file = await read(given, json);
  if (file.policy) return file;
  const { path, faults } = file;
  const lines = faults.map(faultLine);
  const counted = `${path}: ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`;
  const told = {
    error: { code: 'policy_faults', message: counted },
    file: path,
    faults: faults.map(({ steps, ...told }) => told),
  };
  process.stderr.write(json ? `${JSON.stringify(told)}\n` : `${lines.join('\n')}\n${counted}\n`);
  process.exit(1);
}

async function read(given: string | undefined, json: boolean): Promise<PolicyFile> {
  try {
    return await readPolicyFile(given);
  } catch (error) {
    if (!(error instanceof PolicyFileError)) throw error;
    fail(error.message, { json, code: 'unreadable' });
  }
}
