import { createHash } from 'node:crypto';
import { defineCheck, type Fault, type Tell } from '../check.ts';
import type { Context } from '../context.ts';
import { fetchPage, type ShopPage, type TagOfPage } from '../csp/page.ts';
import { allowsAddress, allowsScript, governing, type Policy } from '../csp/policy.ts';

type Code =
  | 'unreachable'
  | 'no_tag'
  | 'wrong_site'
  | 'wrong_key'
  | 'origin'
  | 'script'
  | 'stub'
  | 'connect'
  | 'report_only'
  | 'script_missing'
  | 'integrity'
  | 'other_address';

/** Whether a page of the shop loads the script and may send. */
export const csp = defineCheck<Code>({
  name: 'csp',
  about:
    'A page of the shop: the tag, its site, key and address, and whether the Content Security Policy lets script and events through.',
  faults: {
    unreachable: {
      verdict: 'red',
      means: 'The page cannot be read from here.',
      fix: 'give with --page an address that this machine can ask, without a login',
    },
    no_tag: {
      verdict: 'warning',
      means:
        'No script tag has data-site: nothing is recorded, unless the page has the npm module in its own bundle, or a tag manager writes the tag.',
      fix: 'put the tag on the page (docs/install.md)',
    },
    wrong_site: {
      verdict: 'red',
      means: 'The tag names a site that there is not: every event is refused.',
      fix: 'write data-site="{site}", or add the site: parcours site add {given} --origin {origin}',
    },
    wrong_key: {
      verdict: 'red',
      means: 'The tag has no key of the site: every event is refused.',
      fix: 'write a key of the site into data-key: parcours key list',
    },
    origin: {
      verdict: 'red',
      means: 'The page is of an origin that is not listed: every event is refused.',
      fix: 'add "{origin}" to "origins" of the site {site} in the configuration file, or: parcours site add {site} --replace --origin {origin}',
    },
    script: {
      verdict: 'red',
      means: 'The policy forbids the script: nothing is recorded.',
      fix: 'add {source} to {directive}, or give the tag the nonce of the policy',
    },
    stub: {
      verdict: 'red',
      means: 'The policy forbids the line that keeps calls until the script is there: calls before that fail.',
      fix: 'give that script the nonce of the policy, or add its digest to {directive} (docs/install.md)',
    },
    connect: {
      verdict: 'red',
      means: 'The policy forbids sending: the script runs, and no event leaves the page.',
      fix: 'add {source} to {directive}',
    },
    report_only: {
      verdict: 'warning',
      means: 'A policy that only reports for now would forbid script or events once it is enforced.',
      fix: 'add {source} to {directive} of Content-Security-Policy-Report-Only',
    },
    script_missing: {
      verdict: 'red',
      means: 'The script that the tag names is not there: nothing is recorded.',
      fix: 'compare the address of the tag with the paths that the proxy passes on',
    },
    integrity: {
      verdict: 'red',
      means:
        'The script is not the one that the integrity of the tag names, or the tag lacks crossorigin: browsers refuse it.',
      fix: 'take the digest of /v/integrity.json, with an address of that version, and write crossorigin="anonymous"',
    },
    other_address: {
      verdict: 'warning',
      means: 'The page sends to another address than the one that was checked.',
      fix: 'run parcours doctor --url {endpoint}, or change the tag',
    },
  },
  async run(context, tell) {
    const { page, probes } = context;
    if (!page) return { notChecked: 'give a page of the shop with --page' };
    let shop: ShopPage;
    try {
      shop = await fetchPage(probes.ask, page);
    } catch (error) {
      return { found: '', faults: [tell('unreachable', (error as Error).message)] };
    }
    if (shop.status >= 400) {
      return { found: '', faults: [tell('unreachable', `${shop.url.href} is answered with ${shop.status}`)] };
    }
    const tag = shop.scripts.find(({ attributes, src }) => src && attributes['data-site'] !== undefined);
    if (!tag?.src) return { found: '', faults: [tell('no_tag', `${shop.url.href} has no script tag with data-site`)] };
    const src = tag.src;
    const endpoint = new URL(tag.attributes['data-endpoint'] ?? '/v1/events', src);
    const faults = [
      ...tagFaults(context, { tag, shop, endpoint }, tell),
      ...shop.policies.flatMap((policy) => policyFaults(policy, { shop, tag: { ...tag, src }, endpoint }, tell)),
      ...(await scriptFaults(context, tag, src, tell)),
    ];
    const enforced = shop.policies.filter(({ isEnforced }) => isEnforced).length;
    const found = `${src.href} for ${tag.attributes['data-site']}, sends to ${endpoint.href}; ${enforced} policies`;
    return { found, faults };
  },
});

interface Found {
  readonly tag: TagOfPage;
  readonly shop: ShopPage;
  readonly endpoint: URL;
}

function tagFaults({ sites, url }: Context, { tag, shop, endpoint }: Found, tell: Tell<Code>): Fault[] {
  const faults: Fault[] = [];
  const given = tag.attributes['data-site'] ?? '';
  const key = tag.attributes['data-key'] ?? '';
  const site = sites.find(({ id }) => id === given);
  const values = { given, site: given, origin: shop.url.origin, endpoint: endpoint.href };
  if (!site) {
    const known = sites.map(({ id }) => id).join(', ') || 'none';
    faults.push(
      tell('wrong_site', `data-site="${given}": the sites are ${known}`, {
        values: { ...values, site: sites[0]?.id ?? '' },
      }),
    );
  } else {
    if (!site.keys.includes(key)) faults.push(tell('wrong_key', `data-key="${key}" is no key of ${given}`, { values }));
    if (!site.origins.includes(shop.url.origin)) {
      faults.push(tell('origin', `${shop.url.origin} is no origin of ${given}`, { values }));
    }
  }
  if (url && url.href !== endpoint.href) {
    faults.push(tell('other_address', `the page sends to ${endpoint.href}, and --url is ${url.href}`, { values }));
  }
  return faults;
}

function policyFaults(
  policy: Policy,
  { shop, tag, endpoint }: Found & { readonly tag: TagOfPage & { readonly src: URL } },
  tell: Tell<Code>,
): Fault[] {
  const faults: Fault[] = [];
  const add = (code: Code, what: string, values: { readonly source: string; readonly directive: string }): void => {
    const how = policy.isEnforced ? 'forbids' : 'would forbid';
    faults.push(tell(policy.isEnforced ? code : 'report_only', `${values.directive} ${how} ${what}`, { values }));
  };
  const scripts = governing(policy, 'script');
  if (scripts && !allowsScript(scripts.sources, tag, shop.url)) {
    add('script', tag.src.href, { source: tag.src.origin, directive: scripts.name });
  }
  const stub = shop.scripts.find(({ src, text }) => !src && /\bparcours\b/.test(text));
  if (scripts && stub && !allowsScript(scripts.sources, stub, shop.url)) {
    add('stub', 'the script in the page', { source: 'its nonce or digest', directive: scripts.name });
  }
  const connections = governing(policy, 'connect');
  if (connections && !allowsAddress(connections.sources, endpoint, shop.url)) {
    add('connect', endpoint.href, { source: endpoint.origin, directive: connections.name });
  }
  return faults;
}

async function scriptFaults({ probes, page }: Context, tag: TagOfPage, src: URL, tell: Tell<Code>): Promise<Fault[]> {
  const answer = await probes.ask(src).catch((error: Error) => error);
  if (answer instanceof Error) return [tell('script_missing', answer.message)];
  const type = answer.all('content-type')[0] ?? 'nothing';
  if (answer.status !== 200 || !/javascript/.test(type)) {
    return [tell('script_missing', `${src.href} is answered with ${answer.status}, ${type}`)];
  }
  if (tag.integrity === '') return [];
  const isKnown = tag.integrity.split(/\s+/).some((digest) => {
    const algorithm = /^(sha256|sha384|sha512)-/.exec(digest)?.[1];
    return (
      algorithm !== undefined && digest === `${algorithm}-${createHash(algorithm).update(answer.body).digest('base64')}`
    );
  });
  if (!isKnown) return [tell('integrity', `${src.href} has another digest than the tag says`)];
  const isOwn = src.origin === page?.origin;
  if (!isOwn && tag.attributes.crossorigin === undefined)
    return [tell('integrity', 'the tag has integrity and no crossorigin')];
  return [];
}
