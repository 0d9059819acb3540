/**
 * Whether a host is the site's own: one of its hosts, or below one (`www.shop.example` is below `shop.example`).
 * Hosts are lower case and without port.
 */
export function isOwnHost(host: string, ownHosts: readonly string[]): boolean {
  for (const own of ownHosts) {
    if (host === own || (host.endsWith(own) && host[host.length - own.length - 1] === '.')) return true;
  }
  return false;
}
