/** Whether a host name is this machine's own: RFC 6761 6.3 for `localhost` and what ends in it, RFC 5735 for 127/8. */
export const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);

/** Whether an Origin header names a page of this machine, whatever its scheme and port. */
export const isLoopbackOrigin = (origin: string): boolean =>
  URL.canParse(origin) && isLoopbackHost(new URL(origin).hostname);

/** What stands for every page of this machine where the collector takes origins by name. */
export const LOOPBACK_ORIGIN = 'http://localhost';
