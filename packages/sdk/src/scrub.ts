import { LIMITS } from '@parcours/protocol';

/**
 * A text with each e-mail shape, percent-encoded or not, replaced by `[email]`.
 *
 * Only a first net that spares the network a plain e-mail: the full scrubber runs in the collector.
 * The part before the @ is bounded, as in RFC 5321 (4.5.3.1.1), so that long texts stay linear.
 */
export const maskEmails = (text: string): string =>
  text.replace(/[^\s@"'<>(),:;/?&=#]{1,64}(@|%(25)*40)[^\s@"'<>(),:;/?&=#]+\.[a-z]{2,}/gi, '[email]');

/** Whether a text may hold an e-mail: cheap, and true too often. */
export const hasEmail = (text: string): boolean => /@|%(25)*40/.test(text);

/** What says how a visit came: a campaign, and the code or the place of a store. */
const CAMPAIGN = /^(utm_|pc_(code|place)$)/;

/** The ids that advertisers put on links. Their values would follow a person: only that there is one may be told. */
export const CLICK_ID = /(clk?id|braid|(mc|rdt)_cid|li_fat_id|_kx|epik|sccid|srsltid|igshid)$/i;

/** An address as it may be sent: no fragment, no user, no query but what is listed and what tells how the visit came. */
export interface CleanAddress {
  /** Origin, path and listed query keys, sorted: the same page whatever the order of its keys. Empty where there is none. */
  readonly page: string;
  /** The parameters of its campaign, as a query without `?`. */
  readonly campaign: string;
}

/** Reads an address. At most half of the wire's limit is kept of the page and a quarter of the campaign, since masking may lengthen them. */
export function cleanAddress(href: string | undefined, queryKeys: readonly string[] | undefined): CleanAddress {
  const campaign = new URLSearchParams();
  try {
    const url = new URL(href!);
    const listed = new URLSearchParams();
    for (const [key, value] of url.searchParams) {
      // Empty, as forms carry it along, it tells nothing.
      if (value && CAMPAIGN.test(key)) campaign.append(key, value);
      else if (queryKeys?.includes(key)) listed.append(key, value);
      else if (value && CLICK_ID.test(key)) campaign.append(key, '1');
    }
    listed.sort();
    url.search = `${listed}`;
    url.hash = url.username = url.password = '';
    return { page: url.href.slice(0, LIMITS.urlChars / 2), campaign: `${campaign}`.slice(0, LIMITS.urlChars / 4) };
  } catch {
    return { page: '', campaign: '' };
  }
}
