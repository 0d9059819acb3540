import { isOwnHost } from './own_hosts.ts';

/** What a link's address says of where it leads. */
export interface LinkFields {
  readonly link_domain: string;
  /** It leads to another site. */
  readonly outbound?: true;
  /** It leads to a file: its extension, in lower case. */
  readonly file_extension?: string;
}

/** Source: GA4 enhanced measurement, `file_download`. */
const FILE =
  /\.(pdf|xlsx?|docx?|txt|rtf|csv|exe|key|pp(?:s|tx?)|7z|pkg|rar|gz|zip|avi|mov|mp4|mpe?g|wmv|midi?|mp3|wav|wma)$/i;

/**
 * Reads a link's address, as a browser's click tells it: whether it leads away depends on the shop's hosts, which are set
 * here and nowhere else. Nothing for an address without a host, such as `mailto:`.
 *
 * @param ownHosts hosts that are the shop's, with all below them; lower case
 */
export function readLink(address: string, ownHosts: readonly string[]): LinkFields | undefined {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return undefined;
  }
  const { hostname, pathname } = url;
  if (hostname === '') return undefined;
  const extension = FILE.exec(pathname)?.[1]?.toLowerCase();
  return {
    link_domain: hostname,
    ...(!isOwnHost(hostname, ownHosts) && { outbound: true }),
    ...(extension !== undefined && { file_extension: extension }),
  };
}
