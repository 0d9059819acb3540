import { resolve } from 'node:path';
import type { Policy } from '@parcours/protocol';
import { readControl } from '@parcours/store/control';
import { Command } from 'commander';
import { dataFolder } from '../../data_folder.ts';
import { checkedPolicy } from '../../policy/checked_policy.ts';
import { diffLines, policyDiff } from '../../policy/policy_diff.ts';
import { policyNow } from '../../policy/published.ts';

interface Flags {
  data: string;
  json?: boolean;
}

export const policyDiffCommand = (): Command =>
  new Command('diff')
    .description('What changes from one policy to another, site by site and rule by rule; however either is written.')
    .argument('<file>', 'policy of JSON or TypeScript')
    .argument('[other]', 'the policy after it; without it the first file is compared with the policy in force')
    .option('--data <folder>', 'data folder, where one file is given', process.env.DATA || './data')
    .option(
      '--json',
      'print { before, after, changes: [{ site, rule, before, after }] } as JSON; no site: all that are not named',
    )
    .addHelpText(
      'after',
      `
Examples:
  parcours policy diff consent.policy.json
  parcours policy diff old.policy.json consent.policy.json

Exit codes: 0 compared, 1 faults in a file, or nothing to read.`,
    )
    .action(diffPolicies);

async function diffPolicies(file: string, other: string | undefined, { data, json = false }: Flags): Promise<void> {
  const first = await checkedPolicy(file, { json });
  const before =
    other === undefined ? policyNow(await readControl(dataFolder(resolve(data)).control)).policy : first.policy;
  const after = other === undefined ? first.policy : (await checkedPolicy(other, { json })).policy;
  const changes = policyDiff(before, after);
  if (json) {
    process.stdout.write(`${JSON.stringify({ before: before.version, after: after.version, changes })}\n`);
    return;
  }
  process.stdout.write([heading(before, after), ...linesOf(diffLines(changes)), ''].join('\n'));
}

const heading = (before: Policy, after: Policy): string => `From policy ${before.version} to ${after.version}:\n`;

const linesOf = (lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? ['No rule of any site changes.'] : lines;
