import type { Page } from '@parcours/protocol';
import type { StoredEvent } from '@parcours/store/log';
import { createRecentlyUsed } from '../recently_used.ts';
import { keepCode } from '../scrub/code.ts';
import { channel } from './channel.ts';
import { CLICK_IDS } from './click_ids.ts';
import { isOwnHost } from './own_hosts.ts';
import type { Landing } from './traffic_source.ts';

/** The query keys of a campaign that become columns. */
export const CAMPAIGN_KEYS = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content', 'utm_id'] as const;

type CampaignKey = (typeof CAMPAIGN_KEYS)[number];

/** The query keys of a store's code or link: where it hangs, and which it is. */
const STORE_KEYS = { pc_place: 'place_id', pc_code: 'code' } as const;

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
  | {
      readonly fields: PageFields;
      readonly landing: Landing;
      /** What a code or link of a store says. */
      readonly store: { readonly place_id?: string; readonly code?: string };
      /** How a visit that begins here came; undefined for a page that was reached from the site itself. */
      readonly channel: string | undefined;
      readonly fault?: undefined;
    }
  | { readonly fault: { readonly code: 'invalid_field'; readonly path: 'page.url'; readonly message: string } };

/** How a visit came that began at a code or a link of a store. GA4 knows no stores: there it would be direct. */
const STORE_CHANNEL = 'Store visit';

/** Characters kept of a campaign value. */
const CAMPAIGN_CHARS = 200;

/** Addresses that are no place on a site: some run as code where they are linked, some hold names of the device's users. */
const REFUSED_SCHEMES = new Set(['javascript:', 'vbscript:', 'data:', 'blob:', 'file:', 'about:']);

/** Pages remembered, twice as many at most, and the characters of one: a stranger's could have ten times as many. */
const PAGES = 1_000;
const PAGE_CHARS = 1_000;

interface SeenPage {
  readonly page: Page;
  readonly read: ReadPage;
}

/**
 * Returns a reader of a site's pages. Of the address it keeps scheme, host, path and the allowed query keys, all scrubbed,
 * never user name, password or fragment; of the referrer its host. Campaign values and a store's codes are read before the
 * query is cut, and click ids as names only. `landing` is what `channel` needs.
 *
 * A site has few pages that many see, and reading one costs as much as all the rest of an event: those seen lately are
 * remembered. One with a click id or a text that was scrubbed is one person's, and remembered no longer than it is the last.
 */
export function createPageReader({ queryKeys, ownHosts, scrub }: PageOptions): (page: Page) => ReadPage {
  const allowed = new Set(queryKeys);
  const own = ownHosts.map((host) => host.toLowerCase());
  const seen = createRecentlyUsed<SeenPage>(PAGES);
  let last: SeenPage | undefined;
  let hits = 0;
  const scrubbed = (text: string): string => {
    const clean = scrub(text);
    if (clean !== text) hits++;
    return clean;
  };

  const read = ({ url, title, referrer }: Page): ReadPage => {
    const address = parse(url);
    if (!address) return fault('must be an absolute URL');
    if (REFUSED_SCHEMES.has(address.protocol)) return fault('must be the address of a page');
    const host = address.hostname.toLowerCase();
    const query = readQuery(address.search, allowed, scrubbed);
    const path = scrubbed(address.pathname) || '/';
    const cameFrom = referrer ? parse(referrer)?.hostname.toLowerCase() : undefined;
    const isOwn = cameFrom === host || (cameFrom !== undefined && isOwnHost(cameFrom, own));
    const { utm_source, utm_medium, utm_campaign } = query.campaign;
    const landing = {
      source: utm_source,
      medium: utm_medium,
      campaign: utm_campaign,
      referrerHost: isOwn ? undefined : cameFrom,
      clickIds: query.clickIds,
    };
    const isTagged = landing.source || landing.medium || query.clickIds.length > 0;
    const isInside = cameFrom !== undefined && isOwn;
    const isFromStore = query.store.place_id || query.store.code;
    const channelOf = (): string | undefined => {
      if (isTagged) return channel(landing);
      if (isFromStore) return STORE_CHANNEL;
      return isInside ? undefined : channel(landing);
    };
    return {
      fields: {
        url: `${address.protocol}//${address.host}${path}${query.kept}`,
        path,
        ...(title && { title: scrubbed(title) }),
        ...(cameFrom && { referrer_host: scrubbed(cameFrom) }),
        ...query.campaign,
      },
      landing,
      store: query.store,
      channel: channelOf(),
    };
  };

  return (page) => {
    if (last && isSame(last.page, page)) return last.read;
    const known = seen.get(page.url);
    if (known && isSame(known.page, page)) {
      last = known;
      return known.read;
    }
    const hitsBefore = hits;
    const fresh = read(page);
    last = { page, read: fresh };
    const isEverybodys = hits === hitsBefore && !fresh.fault && fresh.landing.clickIds?.length === 0;
    if (isEverybodys && sizeOf(page) <= PAGE_CHARS) seen.set(page.url, last);
    return fresh;
  };
}

const isSame = (a: Page, b: Page): boolean => a.url === b.url && a.title === b.title && a.referrer === b.referrer;

const sizeOf = ({ url, title = '', referrer = '' }: Page): number => url.length + title.length + referrer.length;

interface Query {
  /** With its `?`; empty if nothing is kept. */
  kept: string;
  readonly campaign: { [key in CampaignKey]?: string };
  readonly clickIds: string[];
  readonly store: { place_id?: string; code?: string };
}

/** The first value of a key counts, as in GA4; the order of the kept keys stays. */
function readQuery(search: string, allowed: ReadonlySet<string>, scrub: (text: string) => string): Query {
  const query: Query = { kept: '', campaign: {}, clickIds: [], store: {} };
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
    if (key === 'pc_place' || key === 'pc_code') {
      const text = decode(value).trim();
      // One in which a person is found, here or in the browser, is left out: masked it would be one code for all.
      const isMasked = keepCode(text, { text: scrub }) !== text || text.includes('[email]');
      if (text !== '' && !isMasked) query.store[STORE_KEYS[key]] ??= cut(text, CAMPAIGN_CHARS);
    }
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
