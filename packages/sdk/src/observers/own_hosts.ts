/**
 * Whether a host is the shop's: the page's own, one of those given, or one below them. A `www.` of the page's own is
 * left aside, so `pay.shop.example` is no other site to `www.shop.example`.
 */
export const isOwnHost = (host: string, location: Location, hosts: readonly string[]): boolean =>
  [location.hostname.replace(/^www\./, ''), ...hosts].some((own) => `.${host}`.endsWith(`.${own}`));
