import { Command } from 'commander';
import { policyCheckCommand } from './policy/check.ts';
import { policyDiffCommand } from './policy/diff.ts';
import { policyInitCommand } from './policy/init.ts';
import { policyPublishCommand } from './policy/publish.ts';
import { policySchemaCommand } from './policy/schema.ts';
import { policyShowCommand } from './policy/show.ts';

export const policyCommand = (): Command =>
  new Command('policy')
    .description(
      'Check, publish, show and compare the consent policy: what may be collected, where and on which choice.',
    )
    .addHelpText(
      'after',
      `
Examples:
  parcours policy check consent.policy.json
  parcours policy publish consent.policy.json
  parcours policy show --site shop-fr

Exit codes: 0 done, 1 faults, or refused.`,
    )
    .addCommand(policyInitCommand())
    .addCommand(policyCheckCommand())
    .addCommand(policyPublishCommand())
    .addCommand(policyShowCommand())
    .addCommand(policyDiffCommand())
    .addCommand(policySchemaCommand());
