import { resolve } from 'node:path';
import { policyHash } from '@parcours/protocol/policy';
import { readControl } from '@parcours/store/control';
import { Command } from 'commander';
import gt from 'semver/functions/gt.js';
import inc from 'semver/functions/inc.js';
import valid from 'semver/functions/valid.js';
import { Refusal, record } from '../../control_decision.ts';
import { dataFolder } from '../../data_folder.ts';
import { checkedPolicy } from '../../policy/checked_policy.ts';
import { diffLines, policyDiff } from '../../policy/policy_diff.ts';
import { policyWarnings, warningText } from '../../policy/policy_warnings.ts';
import { type PolicyNow, policyNow } from '../../policy/published.ts';
import { configuredSites } from '../../sites/configured.ts';
import { sitesInForce } from '../../sites/in_force.ts';

interface Flags {
  config?: string;
  data: string;
  json?: boolean;
}

export const policyPublishCommand = (): Command =>
  new Command('publish')
    .description(
      'Put a policy in force, for good: what a version says never changes. In force within a second, running or not.',
    )
    .argument('[file]', 'policy of JSON or TypeScript (default: consent.policy.* of this folder)')
    .option('--config <file>', 'configuration file (default: that of the running program)')
    .option('--data <folder>', 'data folder', process.env.DATA || './data')
    .option('--json', 'print { version, hash, published, before, changes, warnings } as JSON')
    .addHelpText(
      'after',
      `
Example:
  parcours policy publish consent.policy.json

The collector judges by it at once; pages get it with their next look, at most five minutes later. The one in force once more
changes nothing. Versions only rise: to go back to an earlier policy, publish its text under a higher version.

Exit codes: 0 in force, 1 faults, or refused.`,
    )
    .action(publishPolicy);

async function publishPolicy(given: string | undefined, { config, data, json = false }: Flags): Promise<void> {
  const { policy } = await checkedPolicy(given, { json });
  const { version } = policy;
  const hash = policyHash(policy);
  const folder = dataFolder(resolve(data));
  const { sites: configured } = await configuredSites(folder, { config, json });
  let before: PolicyNow | undefined;
  const recorded = await record(
    folder,
    (state) => {
      before = policyNow(state);
      const known = state.policy_published.get(version);
      if (!known) {
        if (!isHigher(version, before.version)) throw new Refusal('version_not_higher', notHigher(version, before));
        return [{ kind: 'policy_published', version, hash, policy }];
      }
      if (known.hash !== hash) {
        const rule = `policy ${version} was published at ${known.at} with other content (${known.hash}): give this one a new version`;
        throw new Refusal('version_taken', rule);
      }
      if (before.version === version) return [];
      const later = `policy ${before.version} went over it at ${before.since}`;
      throw new Refusal(
        'superseded',
        `policy ${version} was published at ${known.at}, and ${later}: to go back, give it a new version`,
      );
    },
    { json },
  );
  const published = recorded.length > 0;
  const changes = before && published ? policyDiff(before.policy, policy) : [];
  const sites = sitesInForce({ configured, control: await readControl(folder.control), now: Date.now() });
  const warnings = policyWarnings(
    policy,
    sites.map(({ id }) => id),
  );
  if (json) {
    const { policy: _, ...was } = before as PolicyNow;
    process.stdout.write(`${JSON.stringify({ version, hash, published, before: was, changes, warnings })}\n`);
    return;
  }
  const lines = published
    ? [`Policy ${version} (${hash}) is in force, in place of ${before?.version}.`, '', ...changed(diffLines(changes))]
    : [`Policy ${version} (${hash}) is in force already.`];
  process.stdout.write([...warnings.map((warning) => `warning: ${warningText(warning)}`), ...lines, ''].join('\n'));
}

/** By the precedence of https://semver.org, in which what stands behind `+` does not count. */
const isHigher = (version: string, than: string): boolean =>
  valid(version) !== null && (valid(than) === null || gt(version, than));

/** An older file, out of another branch or an earlier backup, must not lift what was tightened since. */
const notHigher = (version: string, { version: now, since }: PolicyNow): string => {
  const held = since === undefined ? 'the built-in policy' : `in force since ${since}`;
  const next = inc(now, 'patch') ?? '1.0.0';
  return `policy ${version} is not higher than ${now}, ${held}: give it a higher version, such as ${next}, to go back to earlier rules too`;
};

const changed = (lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? ['No rule of any site changes.'] : lines.map((line) => `  ${line}`);
