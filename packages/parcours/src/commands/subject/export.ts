import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { failWith } from '../../fail_with.ts';
import { writeNewFile } from '../../new_file.ts';
import { openSubjects } from '../../subjects/open_subjects.ts';
import { type AskedFlags, askedOf, BY_HELP } from './asked.ts';

interface Flags extends AskedFlags {
  readonly out: string;
}

export const subjectExportCommand = (): Command =>
  new Command('export')
    .description('Write everything that is held of a person as one JSON document, streamed.')
    .argument('<value>', 'an id of theirs; an e-mail or phone (+33612345678) as it is written')
    .requiredOption('--by <kind>', BY_HELP)
    .option('--site <id>', 'on one site alone (default: on all)')
    .option('-o, --out <file>', 'a new file for its owner alone, or - for standard output', '-')
    .option('--data <folder>', 'data folder, whether the program runs on it or not', process.env.DATA || './data')
    .option('--json', 'the document is JSON always; what is wrong is told as JSON too')
    .addHelpText(
      'after',
      `
In it: every id of the person, their rows of events and failed items, receipts of consent, choices taken back, the policies that
these name and the one in force, the recipients that they name, and how long each class of data is kept. It begins with "format": "parcours.subject/1". The walk from id
to id stops where several people use one: "not_followed". Names in free text are not found. The audit log tells that it was made.

Examples:
  parcours subject export --by customer_id C-1042 --out c-1042.json
  parcours subject export --by visitor 0190a0a0-0000-7000-8000-000000000001 --site shop-fr | jq .ids

Exit codes: 0 written; 1 refused, failed, or nothing is held (unknown_subject), and no file is left behind.`,
    )
    .action((value: string, flags: Flags) => exportSubject(value, flags).catch((error) => failWith(error, flags)));

async function exportSubject(value: string, flags: Flags): Promise<void> {
  const asked = askedOf(value, flags);
  const subjects = await openSubjects(flags.data);
  try {
    const pieces = await subjects.export(asked);
    const write = (into: Writable): Promise<void> => pipeline(pieces, into, { end: into !== process.stdout });
    if (flags.out === '-') await write(process.stdout);
    else {
      await writeNewFile(flags.out, write);
      process.stderr.write(`Everything that is held: ${flags.out}\n`);
    }
  } finally {
    await subjects.close();
  }
}
