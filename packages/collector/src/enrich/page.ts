import type { Page } from '@parcours/protocol';
import type { StoredEvent } from '@parcours/store/log';
import { CLICK_IDS } from './click_ids.ts';
import { isOwnHost } from './own_hosts.ts';
import type { Landing } from './traffic_source.ts';

const CAMPAIGN_KEYS = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content', 'utm_id'] as const;

type CampaignKey = (typeof CAMPAIGN_KEYS)[number];

/** The columns of an event that its page gives. */
export type PageFields = Required<Pick<StoredEvent, 'url' | 'path'>> &
  Pick<StoredEvent, 'title' | 'referrer_host' | CampaignKey>;

export interface PageOptions {
  /** Query keys that stay in the stored address; every other goes. */
  readonly queryKeys: readonly string[];
  /** Hosts that are the site itself, with all below them; the page's own host always is. */
  readonly ownHosts: readonly string[];
  /** Takes personal data out of a text. */
  readonly scrub: (text: string) => string;
}

export type ReadPage =
  | { readonly fields: PageFields; readonly landing: Landing; readonly fault?: undefined }
  | { readonly fault: { readonly code: 'invalid_field'; readonly path: 'page.url'; readonly message: string } };

/** Characters kept of a campaign value. */
const CAMPAIGN_CHARS = 200;

/** Addresses that are no place on a site: some run as code where they are linked, some hold names of the device's users. */
const REFUSED_SCHEMES = new Set(['javascript:', 'vbscript:', 'data:', 'blob:', 'file:', 'about:']);

/**
 * Returns a reader of a site's pages. Of the address it keeps scheme, host, path and the allowed query keys, all scrubbed,
 * never user name, password or fragment; of the referrer its host. Campaign values are read before the query is cut, and
 * click ids as names only. `landing` is what `channel` needs.
 *
 * The events of a batch mostly share one page, so the last page read is remembered.
 */
export function createPageReader({ queryKeys, ownHosts, scrub }: PageOptions): (page: Page) => ReadPage {
  const allowed = new Set(queryKeys);
  const own = ownHosts.map((host) => host.toLowerCase());
  let lastPage: Page | undefined;
  let lastRead: ReadPage | undefined;

  const read = ({ url, title, referrer }: Page): ReadPage => {
    const address = parse(url);
    if (!address) return fault('must be an absolute URL');
    if (REFUSED_SCHEMES.has(address.protocol)) return fault('must be the address of a page');
    const host = address.hostname.toLowerCase();
    const query = readQuery(address.search, allowed, scrub);
    const path = scrub(address.pathname) || '/';
    const cameFrom = referrer ? parse(referrer)?.hostname.toLowerCase() : undefined;
    const isOwn = cameFrom === host || (cameFrom !== undefined && isOwnHost(cameFrom, own));
    const { utm_source, utm_medium, utm_campaign } = query.campaign;
    return {
      fields: {
        url: `${address.protocol}//${address.host}${path}${query.kept}`,
        path,
        ...(title && { title: scrub(title) }),
        ...(cameFrom && { referrer_host: scrub(cameFrom) }),
        ...query.campaign,
      },
      landing: {
        source: utm_source,
        medium: utm_medium,
        campaign: utm_campaign,
        referrerHost: isOwn ? undefined : cameFrom,
        clickIds: query.clickIds,
      },
    };
  };

  return (page) => {
    const isSame =
      lastPage?.url === page.url && lastPage.title === page.title && lastPage.referrer === page.referrer && lastRead;
    if (isSame) return lastRead as ReadPage;
    lastRead = read(page);
    lastPage = page;
    return lastRead;
  };
}

interface Query {
  /** With its `?`; empty if nothing is kept. */
  kept: string;
  readonly campaign: { [key in CampaignKey]?: string };
  readonly clickIds: string[];
}

/** The first value of a key counts, as in GA4; the order of the kept keys stays. */
function readQuery(search: string, allowed: ReadonlySet<string>, scrub: (text: string) => string): Query {
  const query: Query = { kept: '', campaign: {}, clickIds: [] };
  if (search === '') return query;
  for (const pair of search.slice(1).split('&')) {
    const equals = pair.indexOf('=');
    const key = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : pair.slice(equals + 1);
    if (allowed.has(key)) query.kept += `${query.kept === '' ? '?' : '&'}${keptPair(pair, equals, value, scrub)}`;
    if (isCampaignKey(key) && query.campaign[key] === undefined) {
      const text = cut(scrub(decode(value).trim()), CAMPAIGN_CHARS);
      if (text !== '') query.campaign[key] = text;
    }
    if (CLICK_IDS.has(key) && value !== '') query.clickIds.push(key);
  }
  return query;
}

const keptPair = (pair: string, equals: number, value: string, scrub: (text: string) => string): string =>
  equals < 0 ? pair : `${pair.slice(0, equals)}=${scrub(value)}`;

const isCampaignKey = (key: string): key is CampaignKey =>
  key.startsWith('utm_') && (CAMPAIGN_KEYS as readonly string[]).includes(key);

/** Form decoding; what is not well encoded stays as it is. */
function decode(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** The first characters, without half of a pair at the end. */
function cut(text: string, chars: number): string {
  if (text.length <= chars) return text;
  const last = text.charCodeAt(chars - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? chars - 1 : chars);
}

function parse(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}

const fault = (message: string): ReadPage => ({ fault: { code: 'invalid_field', path: 'page.url', message } });
