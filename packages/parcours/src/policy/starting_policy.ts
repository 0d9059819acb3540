import { DEFAULT_RULES, type Policy } from '@parcours/protocol';
import { parsePolicy } from '@parcours/protocol/policy';

export interface Start {
  readonly country: string;
  readonly sites: readonly string[];
  /** Whether it goes into a file of code, which can have comments. */
  readonly isCode: boolean;
}

/** The text of a policy to begin with, or what is wrong with what it was asked for. */
export function startingPolicy({
  country,
  sites,
  isCode,
}: Start):
  | { readonly text: string; readonly faults?: undefined }
  | { readonly text?: undefined; readonly faults: readonly string[] } {
  const { country: _, before_choice, choice_days, cookie_days, purposes, events, fields, gpc_removes } = DEFAULT_RULES;
  const policy: Policy = {
    ...{ policy: 1, version: '1.0.0', country },
    rules: { purposes, before_choice, choice_days, cookie_days, events, fields, gpc_removes },
    sites: Object.fromEntries(sites.map((site) => [site, {}])),
  };
  const { faults } = parsePolicy(policy);
  if (faults)
    return { faults: faults.map(({ path, rule, value }) => `${path} ${rule} (it is ${JSON.stringify(value)})`) };
  const $schema = './node_modules/@parcours/protocol/consent.policy.schema.json';
  return { text: isCode ? codeOf(policy) : `${JSON.stringify({ $schema, ...policy }, null, 2)}\n` };
}

/** What the keys of a policy are for, where a reader meets them first. */
const COMMENTS: Readonly<Record<string, string>> = {
  version: 'Give each change a new version: what was published under one never changes.',
  country: 'Whose law the limits follow, for the sites that name none.',
  rules: 'For every site. What is left out is as the program has it: parcours policy show --site <id>',
  purposes: 'What may be granted. One that is not listed cannot be.',
  before_choice: "'memory' holds events in the page's memory until the choice, 'drop' lets them go.",
  choice_days: 'A choice, yes or no, is asked again after these days.',
  events: 'The types that are taken, * for every other, each with purposes of which one must be granted.',
  fields: 'Fields that need more than audience. A list takes the place of the built-in one: keep its lines.',
  gpc_removes: "What a browser's Global Privacy Control takes away.",
  sites: 'For one site, over the rules above: its country, and any of them another way.',
};

function codeOf(policy: Policy): string {
  const lines = JSON.stringify(policy, null, 2).split('\n');
  const commented = lines.flatMap((line) => {
    const [, indent = '', key = ''] = /^( {2}| {4})"(\w+)":/.exec(line) ?? [];
    const comment = COMMENTS[key];
    return comment === undefined ? [line] : [`${indent}// ${comment}`, line];
  });
  return `import { definePolicy } from 'parcours';\n\nexport default definePolicy(${commented.join('\n')});\n`;
}
