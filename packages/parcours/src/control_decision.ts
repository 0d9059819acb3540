import { appendControl, type ControlState, type KnownRecord, type NewRecord } from '@parcours/store/control';
import type { DataFolder } from './data_folder.ts';
import { fail } from './fail.ts';

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
 * Records what the command line decides, whether the program runs or not; ends the command with one line where it is
 * refused, or the disk does.
 *
 * @param decide refuses by throwing a `Refusal`
 */
export async function record(
  { control }: DataFolder,
  decide: (state: ControlState) => readonly NewRecord[],
  { json }: { readonly json: boolean },
): Promise<readonly KnownRecord[]> {
  try {
    return await appendControl({ folder: control, writer: 'cli', decide });
  } catch (error) {
    if (error instanceof Refusal) fail(error.message, { json, code: error.code });
    fail(`nothing was recorded in ${control}: ${(error as Error).message}`, { json, code: 'not_recorded' });
  }
}
