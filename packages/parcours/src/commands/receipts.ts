import { Command } from 'commander';
import { receiptsExportCommand } from './receipts/export.ts';
import { receiptsListCommand } from './receipts/list.ts';
import { receiptsVerifyCommand } from './receipts/verify.ts';

export const receiptsCommand = (): Command =>
  new Command('receipts')
    .description('Show, verify and hand over the proof of every consent that was given or taken back.')
    .addHelpText(
      'after',
      `
Examples:
  parcours receipts list --visitor 0190a0a0-0000-7000-8000-000000000001
  parcours receipts verify

Exit codes: 0 done, 1 refused, failed, or not as it was written.`,
    )
    .addCommand(receiptsListCommand())
    .addCommand(receiptsVerifyCommand())
    .addCommand(receiptsExportCommand());
