import { policyHash } from '@parcours/protocol/policy';
import { Command } from 'commander';
import { ConfigError, loadSettings } from '../../config/index.ts';
import { fail } from '../../fail.ts';
import { checkedPolicy } from '../../policy/checked_policy.ts';
import { policyWarnings, warningText } from '../../policy/policy_warnings.ts';

interface Flags {
  config?: string;
  json?: boolean;
}

export const policyCheckCommand = (): Command =>
  new Command('check')
    .description(
      'Find every fault of a policy, each with its place, its rule and the law or standard that the rule is from.',
    )
    .argument('[file]', 'policy of JSON or TypeScript (default: consent.policy.* of this folder)')
    .option(
      '--config <file>',
      'configuration file whose sites the policy should name (default: the one of this folder)',
    )
    .option(
      '--json',
      'print { file, version, hash, faults: [], warnings } as JSON; faults are { place, path, value, rule, source }',
    )
    .addHelpText(
      'after',
      `
Example:
  parcours policy check consent.policy.json

Nothing runs for it, and no data folder is needed. Warnings are no faults.

Exit codes: 0 no fault, 1 faults, or nothing to read.`,
    )
    .action(checkPolicy);

async function checkPolicy(given: string | undefined, { config, json = false }: Flags): Promise<void> {
  const { path: file, policy } = await checkedPolicy(given, { json });
  const { version } = policy;
  const hash = policyHash(policy);
  const warnings = policyWarnings(policy, await configuredIds(config, json));
  if (json) process.stdout.write(`${JSON.stringify({ file, version, hash, faults: [], warnings })}\n`);
  else {
    const lines = warnings.map((warning) => `warning: ${warningText(warning)}`);
    process.stdout.write([...lines, `${file}: policy ${version} (${hash}), no fault`, ''].join('\n'));
  }
}

async function configuredIds(file: string | undefined, json: boolean): Promise<readonly string[]> {
  try {
    const { config } = await loadSettings({ flags: {}, file, env: {} });
    return config.sites.map(({ id }) => id);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // One that nobody named is not what is checked here.
    if (file === undefined) return [];
    fail(error.message, { json, code: 'configuration' });
  }
}
