import { policyJsonSchema } from '@parcours/protocol/policy';
import { Command } from 'commander';

export const policySchemaCommand = (): Command =>
  new Command('schema')
    .description('The JSON Schema of the policy file, for editors: name it in "$schema".')
    .option('--json', 'the same: it is JSON')
    .addHelpText(
      'after',
      `
Example:
  parcours policy schema > consent.policy.schema.json

Exit codes: 0 printed.`,
    )
    .action(() => void process.stdout.write(`${JSON.stringify(policyJsonSchema(), null, 2)}\n`));
