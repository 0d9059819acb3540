import type { SourceCategory } from './source_categories.ts';
import { type Landing, type TrafficSource, trafficSource } from './traffic_source.ts';

interface Rule {
  readonly channel: string;
  /** The rule in the words of its source. */
  readonly rule: string;
  readonly test: (from: TrafficSource) => boolean;
}

const paid = ({ medium }: TrafficSource): boolean => /^(.*cp.*|ppc|retargeting|paid.*)$/.test(medium);
const shop = ({ campaign }: TrafficSource): boolean => /^(.*(([^a-df-z]|^)shop|shopping).*)$/.test(campaign);
const email = /e[-_ ]?mail/;
const from = ({ place }: TrafficSource, category: SourceCategory): boolean => place?.category === category;
const oneOf = (value: string, ...values: readonly string[]): boolean => values.includes(value);

/**
 * GA4's default channel group, the first rule that holds wins.
 * Source: Google Analytics help, "Default channel group", channels for manual traffic (answer 9756891).
 */
export const CHANNEL_RULES = [
  {
    channel: 'Direct',
    rule: 'source is (direct) and medium is (none) or (not set), or both are empty',
    test: ({ source, medium }) => source === '(direct)' && oneOf(medium, '(none)', '(not set)'),
  },
  {
    channel: 'Cross-network',
    rule: 'campaign contains cross-network',
    test: ({ campaign }) => campaign.includes('cross-network'),
  },
  {
    channel: 'Paid Shopping',
    rule: 'source is a shopping site or campaign names a shop, and medium is paid',
    test: (visit) => paid(visit) && (from(visit, 'shopping') || shop(visit)),
  },
  {
    channel: 'Paid Search',
    rule: 'source is a search site and medium is paid',
    test: (visit) => paid(visit) && from(visit, 'search'),
  },
  {
    channel: 'Paid Social',
    rule: 'source is a social site and medium is paid',
    test: (visit) => paid(visit) && from(visit, 'social'),
  },
  {
    channel: 'Paid Video',
    rule: 'source is a video site and medium is paid',
    test: (visit) => paid(visit) && from(visit, 'video'),
  },
  {
    channel: 'Display',
    rule: 'medium is display, banner, expandable, interstitial or cpm; cpm is also paid, so this stands before Paid Other',
    test: ({ medium }) => oneOf(medium, 'display', 'banner', 'expandable', 'interstitial', 'cpm'),
  },
  { channel: 'Paid Other', rule: 'medium is paid', test: paid },
  {
    channel: 'Organic Shopping',
    rule: 'source is a shopping site or campaign names a shop',
    test: (visit) => from(visit, 'shopping') || shop(visit),
  },
  {
    channel: 'Organic Social',
    rule: 'source is a social site, or medium is one of the words for it',
    test: (visit) =>
      from(visit, 'social') ||
      oneOf(visit.medium, 'social', 'social-network', 'social-media', 'sm', 'social network', 'social media'),
  },
  {
    channel: 'Organic Video',
    rule: 'source is a video site or medium contains video',
    test: (visit) => from(visit, 'video') || visit.medium.includes('video'),
  },
  {
    channel: 'Organic Search',
    rule: 'source is a search site or medium is organic',
    test: (visit) => from(visit, 'search') || visit.medium === 'organic',
  },
  {
    channel: 'Referral',
    rule: 'medium is referral, app or link',
    test: ({ medium }) => oneOf(medium, 'referral', 'app', 'link'),
  },
  {
    channel: 'Email',
    rule: 'source or medium has email, e-mail, e_mail or e mail',
    test: ({ source, medium }) => email.test(source) || email.test(medium),
  },
  { channel: 'Affiliates', rule: 'medium is affiliate', test: ({ medium }) => medium === 'affiliate' },
  { channel: 'Audio', rule: 'medium is audio', test: ({ medium }) => medium === 'audio' },
  {
    channel: 'SMS',
    rule: 'source or medium is sms',
    test: ({ source, medium }) => source === 'sms' || medium === 'sms',
  },
  {
    channel: 'Mobile Push Notifications',
    rule: 'medium ends with push or contains mobile or notification, or source is firebase',
    test: ({ source, medium }) => /push$|mobile|notification/.test(medium) || source === 'firebase',
  },
] as const satisfies readonly Rule[];

export type Channel = (typeof CHANNEL_RULES)[number]['channel'] | 'Unassigned';

/**
 * The channel by which a visitor came, in GA4's spelling; `Unassigned` where no rule holds.
 *
 * @example channel({ source: 'google', medium: 'cpc' }) // 'Paid Search'
 * @example channel({ referrerHost: 'www.qwant.com' }) // 'Organic Search'
 */
export function channel(landing: Landing): Channel {
  const { source, medium, referrerHost, clickIds } = landing;
  // Most events are of pages reached from the site itself: nothing to look up.
  if (!source && !medium && !referrerHost && !clickIds?.length) return 'Direct';
  const visit = trafficSource(landing);
  for (const { channel, test } of CHANNEL_RULES) if (test(visit)) return channel;
  return 'Unassigned';
}
