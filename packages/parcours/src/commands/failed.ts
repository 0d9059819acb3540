import { Command } from 'commander';
import { failedListCommand } from './failed/list.ts';
import { failedPurgeCommand } from './failed/purge.ts';
import { failedReplayCommand } from './failed/replay.ts';
import { failedShowCommand } from './failed/show.ts';

export const failedCommand = (): Command =>
  new Command('failed')
    .description('Look at items that failed, repair them, judge them again, or throw them away.')
    .addHelpText(
      'after',
      `
Examples:
  parcours failed list --code invalid_field
  parcours failed replay 3f2a --set props.currency=EUR

Exit codes: 0 done, 1 refused or not reachable.`,
    )
    .addCommand(failedListCommand())
    .addCommand(failedShowCommand())
    .addCommand(failedReplayCommand())
    .addCommand(failedPurgeCommand());
