import { getDomain, getPublicSuffix } from 'tldts';
import { defineCheck, type Fault } from '../check.ts';
import { diagnose } from '../diagnose.ts';
import { isLoopbackHost } from '../loopback_host.ts';

/** Whether a visitor is known again: the cookie must be set as the collector wrote it, come back, and stand. */
export const cookie = defineCheck({
  name: 'cookie',
  about:
    'The visitor cookie as a browser gets it through the public address, whether it comes back, and whether page and collector are of one site.',
  faults: {
    stripped: {
      verdict: 'red',
      means: 'Set-Cookie does not reach the browser: after a week Safari takes every visitor for a new one.',
      fix: 'let the proxy pass on Set-Cookie for {path} (nginx: no proxy_hide_header Set-Cookie; CDN: no caching, cookies on)',
    },
    altered: {
      verdict: 'red',
      means: 'The cookie lost what protects it, or what brings it back.',
      fix: 'let the proxy leave Set-Cookie alone (nginx: no proxy_cookie_path, proxy_cookie_domain or proxy_cookie_flags here)',
    },
    domain: {
      verdict: 'red',
      means:
        'Browsers refuse the cookie: its domain does not hold the address that sets it, or is one under which anybody can register.',
      fix: 'set "cookieDomains" of the site to a domain of your own that holds {host}, or leave it out',
    },
    not_sent: {
      verdict: 'red',
      means: 'The cookie is set and does not come back: no visitor is known again by it.',
      fix: 'let the proxy pass on Cookie for {path} (nginx: no proxy_set_header Cookie ""; CDN: forward cookies)',
    },
    unknown: {
      verdict: 'red',
      means:
        'The cookie comes back and is not believed: something changes it on its way, or several collectors have different secrets.',
      fix: 'give every collector the same secrets.json, and let the proxy leave cookies alone',
    },
    cached: {
      verdict: 'red',
      means:
        'An answer came from a cache though the collector forbids it: one visitor may be given the cookie of another.',
      fix: 'let the CDN cache nothing of {path} (and obey Cache-Control: no-store)',
    },
    cross_site: {
      verdict: 'warning',
      means:
        'Page and collector are of two sites: browsers do not send the cookie along, and Safari forgets visitors after a week.',
      fix: 'put the collector on the domain of the shop, such as collect.{domain}, or use a path of the shop (docs/install.md)',
    },
  },
  async run(context, tell) {
    const { url, sites } = context;
    if (!url) return { notChecked: 'give the public address with --url' };
    const origin = sites[0]?.origins[0];
    if (origin === undefined) return { notChecked: 'no site has an origin' };
    const values = {
      path: url.pathname,
      host: url.hostname,
      domain: getDomain(new URL(origin).hostname) ?? 'shop.example',
    };
    const first = await diagnose(context, url, { origin });
    if ('reason' in first) return { notChecked: first.reason };
    const [set] = first.answer.all('set-cookie').filter((each) => each.startsWith('pc_'));
    const pair = set?.split(';', 1)[0] ?? '';
    const second = await diagnose(context, url, { origin, cookie: pair });
    if (first.isCached || ('isCached' in second && second.isCached)) {
      const found = 'the answer to another request came back, from a cache';
      return { found, faults: [tell('cached', found, { values })] };
    }
    if (set === undefined) {
      const found = `a page of ${origin} gets no visitor cookie`;
      return { found, faults: [tell('stripped', found, { values })] };
    }
    const faults: Fault[] = [];
    const attributes = attributesOf(set);
    const wrong = wrongAttributes(attributes, url);
    if (wrong.length > 0) faults.push(tell('altered', `the visitor cookie has ${wrong.join(', ')}`, { values }));
    const domain = attributes.get('domain');
    if (domain !== undefined && !mayBeSetFor(domain, url.hostname)) {
      faults.push(tell('domain', `the cookie is for ${domain}, which ${url.hostname} cannot set`, { values }));
    }
    const visitor = 'diagnosis' in second ? second.diagnosis.visitor : 'none';
    if (visitor === 'none') faults.push(tell('not_sent', 'the cookie is set, and does not come back', { values }));
    if (visitor === 'unknown') faults.push(tell('unknown', 'the cookie comes back, and is not known', { values }));
    const far = sites.flatMap((site) => site.origins).find((each) => !isSameSite(new URL(each), url));
    if (far !== undefined) faults.push(tell('cross_site', `${far} and ${url.origin} are of two sites`, { values }));
    return { found: `set, comes back, known again; ${[...attributes.keys()].join(', ')}`, faults };
  },
});

/** RFC 6265, 5.2: names in any case, a value or none. */
const attributesOf = (set: string): ReadonlyMap<string, string> =>
  new Map(
    set
      .split(';')
      .slice(1)
      .map((part) => {
        const [name = '', value = ''] = part.split('=');
        return [name.trim().toLowerCase(), value.trim().toLowerCase()];
      }),
  );

function wrongAttributes(attributes: ReadonlyMap<string, string>, url: URL): string[] {
  const wrong = ['secure', 'httponly'].filter((name) => !attributes.has(name)).map((name) => `no ${name}`);
  const sameSite = attributes.get('samesite');
  if (sameSite !== 'lax') wrong.push(sameSite === undefined ? 'no samesite' : `samesite=${sameSite}`);
  // The collector sets none, so that it is the folder of the address that the browser asked.
  const path = attributes.get('path');
  if (path !== undefined && !url.pathname.startsWith(path)) wrong.push(`path=${path}`);
  return wrong;
}

/** RFC 6265, 5.3, 5 and 6. */
function mayBeSetFor(domain: string, host: string): boolean {
  const plain = domain.replace(/^\./, '');
  const holds = host === plain || host.endsWith(`.${plain}`);
  return holds && getPublicSuffix(plain, { allowPrivateDomains: true }) !== plain;
}

/** HTML, "schemelessly same site", and the same scheme: the registrable domain, where there is one. */
function isSameSite(page: URL, collector: URL): boolean {
  if (isLoopbackHost(page.hostname) && isLoopbackHost(collector.hostname)) return page.hostname === collector.hostname;
  const domain = (url: URL): string => getDomain(url.hostname, { allowPrivateDomains: true }) ?? url.hostname;
  return page.protocol === collector.protocol && domain(page) === domain(collector);
}
