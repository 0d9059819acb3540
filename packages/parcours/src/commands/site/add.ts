import { resolve } from 'node:path';
import { siteList } from '@parcours/collector';
import { type NewRecord, sitesOf } from '@parcours/store/control';
import { Command } from 'commander';
import { Refusal, record } from '../../control_decision.ts';
import { dataFolder } from '../../data_folder.ts';
import { fail } from '../../fail.ts';
import { makeKey, type NewKey } from '../../new_key.ts';
import { configuredSites } from '../../sites/configured.ts';
import { collectorOf, snippetFor } from '../../sites/snippet.ts';

interface Flags {
  origin: string[];
  queryKey: string[];
  host: string[];
  cookieDomain: string[];
  rightsFromPages: string[];
  replace?: boolean;
  collector?: string;
  config?: string;
  data: string;
  json?: boolean;
}

const each = (value: string, before: string[]): string[] => [...before, value];

export const siteAddCommand = (): Command =>
  new Command('add')
    .description('Add a site with its first public key, and print what goes on its pages.')
    .argument('<id>', 'short name in events and cookies: lower-case letters, digits and -')
    .option('--origin <origin>', 'pages that may send, such as https://www.shop.example; repeat for more', each, [])
    .option('--query-key <name>', 'query key that stays in stored addresses; repeat for more', each, [])
    .option('--host <host>', 'host that counts as the site itself in referrers; repeat for more', each, [])
    .option('--cookie-domain <domain>', 'domain whose hosts share one visitor cookie; repeat for more', each, [])
    .option(
      '--rights-from-pages <right>',
      'export or erase: what any script of its pages may ask for in the name of the visitor; repeat for both',
      each,
      [],
    )
    .option('--replace', 'put these settings in the place of those the site has; its keys stay')
    .option('--collector <origin>', 'public address of the collector, for the printed snippet')
    .option('--config <file>', 'configuration file (default: that of the running program)')
    .option('--data <folder>', 'data folder', process.env.DATA || './data')
    .option('--json', 'print { site, key, snippet } as JSON')
    .addHelpText(
      'after',
      `
Examples:
  parcours site add shop-fr --origin https://www.shop.example
  parcours site add shop-fr --replace --origin https://www.shop.example --origin https://pay.shop.example --query-key size

Exit codes: 0 added, 1 refused.`,
    )
    .action(addSite);

async function addSite(id: string, flags: Flags): Promise<void> {
  const { json = false, replace = false } = flags;
  const folder = dataFolder(resolve(flags.data));
  const settings = checkedSettings(id, flags, json);
  const address = flags.collector === undefined ? undefined : checkedCollector(flags.collector, json);
  const { file, sites } = await configuredSites(folder, { config: flags.config, json });
  let first: NewKey | undefined;
  await record(
    folder,
    (state) => {
      first = undefined;
      if (sites.some((site) => site.id === id)) {
        throw new Refusal('site_configured', `site "${id}" is in ${file}: change it there and start again`);
      }
      const known = sitesOf(state).find(({ site }) => site === id);
      if (known && !replace) {
        throw new Refusal(
          'site_exists',
          `site "${id}" was added at ${known.at}: --replace puts other settings in the place of its own`,
        );
      }
      if (!known && replace) throw new Refusal('unknown_site', `--replace: there is no site "${id}" yet`);
      const added: NewRecord = { kind: 'site_added', site: id, ...settings };
      if (known) return [added];
      first = makeKey({ use: 'public', site: id }, {});
      return [added, first.record];
    },
    { json },
  );
  const collector = address ?? (await collectorOf(folder));
  const snippet = first && (await snippetFor({ site: id, key: first.shown, collector }));
  const site = { id, ...settings };
  const key = first && { id: first.record.key, public_key: first.shown };
  process.stdout.write(json ? `${JSON.stringify({ site, key, snippet })}\n` : told({ site, key, snippet }));
}

function told({
  site: { id, origins },
  key,
  snippet,
}: {
  site: { id: string; origins: readonly string[] };
  key: { id: string; public_key: string } | undefined;
  snippet: string | undefined;
}): string {
  const pages = origins.length > 0 ? origins.join(', ') : 'none (servers and apps only; pages need --origin)';
  if (!key) return `Site ${id} has its new settings.\n\n  Origins     ${pages}\n`;
  return `Site ${id} is added.

  Origins     ${pages}
  Public key  ${key.public_key}   (${key.id})

On every page of the site:

${snippet}

Nothing is sent before your banner calls parcours.consent({ audience: true }).
`;
}

/** The printed address goes on every page: one that browsers cannot ask must not. */
function checkedCollector(given: string, json: boolean): string {
  const { protocol, origin } = URL.canParse(given) ? new URL(given) : {};
  if (['https:', 'http:'].includes(protocol ?? '') && (given === origin || given === `${origin}/`))
    return origin as string;
  return fail(`--collector "${given}": must be an origin such as https://collect.example.com, without path`, {
    json,
    code: 'bad_flag',
  });
}

/** Which flag a setting comes from. */
const FLAGS: Readonly<Record<string, string>> = {
  id: '<id>',
  origins: '--origin',
  queryKeys: '--query-key',
  hosts: '--host',
  cookieDomains: '--cookie-domain',
  rightsFromPages: '--rights-from-pages',
};

function checkedSettings(id: string, flags: Flags, json: boolean) {
  const { origin, queryKey, host, cookieDomain, rightsFromPages: rights } = flags;
  const given = {
    ...{ id, origins: origin, queryKeys: queryKey, hosts: host },
    ...{ cookieDomains: cookieDomain, rightsFromPages: rights },
  };
  const { data, error } = siteList.safeParse([given]);
  if (data) {
    const [{ origins, queryKeys, hosts, cookieDomains, rightsFromPages }] = data as [(typeof data)[number]];
    return {
      ...{ origins, query_keys: queryKeys, hosts, cookie_domains: cookieDomains },
      ...(rightsFromPages.length > 0 && { rights_from_pages: rightsFromPages }),
    };
  }
  const issue = error.issues[0];
  const [, name = 'id', index] = (issue?.path ?? []) as [number, keyof typeof given, number?];
  const value = index === undefined ? given[name] : given[name][index];
  fail(`${FLAGS[name]} ${JSON.stringify(value)}: ${issue?.message}`, { json, code: 'bad_flag' });
}
