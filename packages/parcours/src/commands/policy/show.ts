import { resolve } from 'node:path';
import { browserPolicy, DEFAULT_POLICY, DEFAULT_POLICY_HASH, layersOf, resolveRules } from '@parcours/protocol/policy';
import { type ControlState, policiesOf, readControl } from '@parcours/store/control';
import { Command } from 'commander';
import { dataFolder } from '../../data_folder.ts';
import { fail } from '../../fail.ts';
import { flatRules, ruleOf, ruleText } from '../../policy/flat_rules.ts';
import { readablePolicy } from '../../policy/follow_policies.ts';
import { type PolicyNow, policyNow } from '../../policy/published.ts';

interface Flags {
  site?: string;
  browser?: boolean;
  data: string;
  json?: boolean;
}

export const policyShowCommand = (): Command =>
  new Command('show')
    .description(
      'Show the policy in force or one that was, the rules that it comes to for a site, or what its pages get.',
    )
    .argument('[version]', 'a policy that was published; 0.0.0 is the built-in one (default: the one in force)')
    .option('--site <id>', 'the rules of one site, each with the part of the policy that it is from')
    .option('--browser', 'what the pages of --site get')
    .option('--data <folder>', 'data folder', process.env.DATA || './data')
    .option(
      '--json',
      'print { version, hash, since, policy, versions } or, with --site, { version, hash, site, rules } as JSON',
    )
    .addHelpText(
      'after',
      `
Examples:
  parcours policy show
  parcours policy show 1.0.0
  parcours policy show --site shop-fr
  parcours policy show --site shop-fr --browser

Exit codes: 0 shown, 1 there is no such version, or the data folder cannot be read.`,
    )
    .action(showPolicy);

async function showPolicy(
  version: string | undefined,
  { site, browser = false, data, json = false }: Flags,
): Promise<void> {
  if (browser && site === undefined)
    fail('--browser shows what the pages of one site get: name it with --site', { json, code: 'bad_flag' });
  const state = await readControl(dataFolder(resolve(data)).control);
  const shown = asJudged(version === undefined ? policyNow(state) : ofVersion(state, version, json), site);
  if (site === undefined) process.stdout.write(json ? wholeJson(shown, state) : wholeText(shown, state));
  else if (browser) {
    const part = browserPolicy(resolveRules(shown.policy, site), shown.hash);
    process.stdout.write(`${JSON.stringify(part, null, json ? undefined : 2)}\n`);
  } else process.stdout.write(json ? siteJson(shown, site) : siteText(shown, site));
}

/** Of a site, what collectors make of it: under a policy that they cannot read nothing is granted. */
function asJudged(shown: PolicyNow, site: string | undefined): PolicyNow & { readonly fault?: string } {
  if (site === undefined || shown.since === undefined) return shown;
  const { version, hash, policy, since } = shown;
  let fault: string | undefined;
  const read = readablePolicy({ version, hash, policy, at: since }, (_, reason) => {
    fault = reason;
  });
  return fault === undefined ? shown : { ...shown, policy: read.policy, fault };
}

function ofVersion(state: ControlState, version: string, json: boolean): PolicyNow {
  const known = state.policy_published.get(version);
  if (known) return { version, hash: known.hash, policy: known.policy, since: known.at };
  if (version === DEFAULT_POLICY.version) return { version, hash: DEFAULT_POLICY_HASH, policy: DEFAULT_POLICY };
  const versions = policiesOf(state).map((each) => each.version);
  const there = versions.length === 0 ? 'nothing was published' : `there are ${versions.join(', ')}`;
  fail(`policy ${version} was never published; ${there}`, { json, code: 'unknown_version' });
}

const wholeJson = (shown: PolicyNow, state: ControlState): string =>
  `${JSON.stringify({ ...shown, versions: policiesOf(state).map(({ version, hash, at }) => ({ version, hash, at })) })}\n`;

function wholeText(shown: PolicyNow, state: ControlState): string {
  const versions = policiesOf(state).map(({ version, hash, at }) => `  ${version}   ${hash}   ${at}`);
  return [
    heading(shown),
    '',
    JSON.stringify(shown.policy, null, 2),
    ...(versions.length > 0 ? ['', 'Published:', ...versions] : []),
    '',
  ].join('\n');
}

const heading = ({ version, hash, since, fault }: PolicyNow & { readonly fault?: string }): string =>
  [
    `Policy ${version} (${hash}), ${since === undefined ? 'built in' : `published at ${since}`}`,
    ...(fault === undefined ? [] : [`; this program cannot read it (${fault}), and nothing is granted`]),
  ].join('');

const siteJson = ({ version, hash, policy, fault }: PolicyNow & { readonly fault?: string }, site: string): string =>
  `${JSON.stringify({ version, hash, ...(fault !== undefined && { fault }), site, rules: resolveRules(policy, site) })}\n`;

/** Rules in columns that nothing is cut from: a list of signals is as long as it is. */
function siteText(shown: PolicyNow, site: string): string {
  const rows = [...flatRules(resolveRules(shown.policy, site))].map(
    ([rule, value]) => [rule, givenBy(shown, site, rule), ruleText(value)] as const,
  );
  const [rules, places] = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] as string).length)));
  const lines = rows.map(
    ([rule, place, text]) => `  ${rule.padEnd(rules ?? 0)}  ${place.padEnd(places ?? 0)}  ${text}`,
  );
  const isNamed = Object.hasOwn(shown.policy.sites ?? {}, site);
  return [`${heading(shown)}; ${site}${isNamed ? '' : ', which it does not name'}`, '', ...lines, ''].join('\n');
}

/** The part of the policy that a rule of a site is from. */
function givenBy({ policy }: PolicyNow, site: string, rule: string): string {
  if (rule === 'country') {
    if (policy.sites && Object.hasOwn(policy.sites, site) && policy.sites[site]?.country) return `sites.${site}`;
    return policy.country === undefined ? 'built in' : 'country';
  }
  const key = ruleOf(rule) as keyof (typeof DEFAULT_POLICY)['rules'] & string;
  const day = rule.startsWith('retention.') ? rule.slice('retention.'.length) : undefined;
  const layer = layersOf(policy, { site }).layers.findLast(({ rules }) => {
    const given = (rules as Readonly<Record<string, unknown>>)[key];
    return day === undefined
      ? given !== undefined
      : (given as Readonly<Record<string, unknown>> | undefined)?.[day] !== undefined;
  });
  return layer?.path.join('.') ?? 'built in';
}
