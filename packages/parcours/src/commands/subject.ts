import { Command } from 'commander';
import { subjectEraseCommand } from './subject/erase.ts';
import { subjectExportCommand } from './subject/export.ts';

export const subjectCommand = (): Command =>
  new Command('subject')
    .description('Hand over or erase what is held of a person, by any of their ids (GDPR, articles 15, 17 and 20).')
    .addHelpText(
      'after',
      `
Examples:
  parcours subject export --by customer_id C-1042 --out c-1042.json
  parcours subject erase --by customer_id C-1042 --dry-run

Exit codes: 0 done, 1 refused, failed, or nothing is held of them.`,
    )
    .addCommand(subjectExportCommand())
    .addCommand(subjectEraseCommand());
