import type { ErasedSubject } from '@parcours/store';
import { Command } from 'commander';
import { failWith } from '../../fail_with.ts';
import { openSubjects } from '../../subjects/open_subjects.ts';
import { type AskedFlags, askedOf, BY_HELP } from './asked.ts';

interface Flags extends AskedFlags {
  readonly dryRun?: boolean;
  readonly evenIfUnknown?: boolean;
}

export const subjectEraseCommand = (): Command =>
  new Command('erase')
    .description('Erase a person: their rows go, and whatever names them is refused from then on, for 14 months.')
    .argument('<value>', 'an id of theirs; an e-mail or phone (+33612345678) as it is written')
    .requiredOption('--by <kind>', BY_HELP)
    .option('--site <id>', 'on one site alone (default: on all)')
    .option('--dry-run', 'tell what would go, and change nothing')
    .option('--even-if-unknown', 'refuse the id from now on even where nothing is held of it: a browser may be offline')
    .option('--data <folder>', 'data folder, whether the program runs on it or not', process.env.DATA || './data')
    .option(
      '--json',
      'print { asked, ids, notFollowed, sites, rows, receipts, withdrawals, daysToSeal, isErased, erased, logGoneBy, refusedUntil } as JSON',
    )
    .addHelpText(
      'after',
      `
From one id it walks over the rows to every other id of the same person, and never through one that several people use (a
browser or card with two customer numbers, or more than three e-mails): those are told and left. Events and failed items are gone
with the answer. Sealed days are written anew, each whole: beside a running program an answer comes after ten seconds, with how many
are left, and the program goes on, also after it was killed. Log segments go by age. Receipts of consent stay: they hold a keyed hash, and are the proof that the law asks
for (GDPR, articles 7(1) and 17(3)). Names in free text are not found.

Examples:
  parcours subject erase --by customer_id C-1042 --dry-run
  parcours subject erase --by email jo@mail.example

Exit codes: 0 erased, also a second time; 1 refused, failed, or nothing is held (unknown_subject).`,
    )
    .action((value: string, flags: Flags) => eraseSubject(value, flags).catch((error) => failWith(error, flags)));

async function eraseSubject(value: string, flags: Flags): Promise<void> {
  const { dryRun = false, evenIfUnknown = false, json = false } = flags;
  const asked = askedOf(value, flags);
  const subjects = await openSubjects(flags.data);
  try {
    const erased = await subjects.erase(asked, { dryRun, evenIfUnknown });
    process.stdout.write(json ? `${JSON.stringify(erased)}\n` : textOf(erased));
  } finally {
    await subjects.close();
  }
}

function textOf(told: ErasedSubject): string {
  const { ids, notFollowed, sites, receipts, erasedAt, daysToSeal, isErased, erased, logGoneBy, refusedUntil } = told;
  const list = (some: typeof ids): string => some.map(({ kind, value }) => `  ${kind.padEnd(13)}${value}`).join('\n');
  const rows = `${erased.events} events and ${erased.failed} failed items of ${erased.days} days`;
  const lines = [
    `${isErased ? 'Erased' : 'Would be erased (--dry-run)'}: ${rows}${sites.length > 0 ? `, on ${sites.join(', ')}` : ''}.`,
    ...(erasedAt === undefined ? [] : [`One of the ids was erased before, at ${erasedAt}.`]),
    `Ids of the person:\n${list(ids)}`,
    ...(notFollowed.length === 0 ? [] : [`Of several people, or of others; left as they are:\n${list(notFollowed)}`]),
    ...(daysToSeal === 0
      ? []
      : [
          `Closed days that are to be written to Parquet, first or anew: ${daysToSeal}. Until none is, old files may hold rows of the erased, which no query, export or rebuild gives; ask again with --dry-run to see how many are left.`,
        ]),
    `Refused until ${refusedUntil.slice(0, 10)}: whatever names one of these ids, whatever time it tells.`,
    `In segments of the log until ${logGoneBy} at the latest; they go by age. Backups of before hold the rows, and a restore takes them out.`,
    `Receipts of consent that stay as the proof, under a keyed hash: ${receipts}.`,
    'Names in free text are not found.',
  ];
  return `${lines.join('\n')}\n`;
}
