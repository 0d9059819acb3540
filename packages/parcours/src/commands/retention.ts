import { Command } from 'commander';
import { retentionRunCommand } from './retention/run.ts';
import { retentionStatusCommand } from './retention/status.ts';

export const retentionCommand = (): Command =>
  new Command('retention')
    .description('Take away what is older than the policy allows, or show what is held and how old it is.')
    .addHelpText(
      'after',
      `
The running program does it by itself once a day, soon after midnight UTC.

Examples:
  parcours retention status
  parcours retention run --dry-run

Exit codes: 0 done, 1 refused, failed or not reachable.`,
    )
    .addCommand(retentionRunCommand())
    .addCommand(retentionStatusCommand());
