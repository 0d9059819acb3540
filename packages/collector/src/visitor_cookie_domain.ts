import { isOwnHost } from './enrich/own_hosts.ts';

/**
 * The domain for which a site's cookie is set when a page asks: the listed one that holds the page's host, the longest where
 * several do; undefined, the host alone, where none does. By the page and not by the address asked, which a proxy may have
 * changed; a browser refuses a domain that does not hold the address.
 *
 * @param origin the request's `Origin`
 */
export function cookieDomainOf(cookieDomains: readonly string[], origin: string | undefined): string | undefined {
  // Nearly every site: this is asked at every request.
  if (cookieDomains.length === 0) return undefined;
  const host = hostOf(origin);
  if (host === undefined) return undefined;
  return cookieDomains
    .filter((domain) => isOwnHost(host, [domain]))
    .reduce<string | undefined>(
      (longest = '', domain) => (domain.length > longest.length ? domain : longest),
      undefined,
    );
}

/**
 * What is wrong with a site's cookie domains, as far as can be known here: a domain that holds none of the site's pages would
 * never be used. Whether one is a public suffix of several labels (`co.uk`) only browsers know: they refuse the cookie.
 */
export function cookieDomainFault(
  cookieDomains: readonly string[],
  origins: readonly string[],
): { readonly index: number; readonly message: string } | undefined {
  const hosts = origins.map(hostOf).filter((host) => host !== undefined);
  const index = cookieDomains.findIndex((domain) => !hosts.some((host) => isOwnHost(host, [domain])));
  if (index < 0) return undefined;
  return { index, message: 'must be the host of one of the site\'s "origins", or a domain above it' };
}

const hostOf = (origin: string | undefined): string | undefined =>
  origin !== undefined && URL.canParse(origin) ? new URL(origin).hostname : undefined;
