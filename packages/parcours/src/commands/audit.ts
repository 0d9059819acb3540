import { Command } from 'commander';
import { auditListCommand } from './audit/list.ts';
import { auditVerifyCommand } from './audit/verify.ts';

export const auditCommand = (): Command =>
  new Command('audit')
    .description("Show and verify who published policies, changed keys, and exported or erased people's data.")
    .addHelpText(
      'after',
      `
Examples:
  parcours audit list --since 30d
  parcours audit verify

Exit codes: 0 done, 1 refused, failed, or not as it was written.`,
    )
    .addCommand(auditListCommand())
    .addCommand(auditVerifyCommand());
