import { describe, expect, it } from 'vitest';
import { CHANNEL_RULES, type Channel, channel } from './channel.ts';
import type { Landing } from './traffic_source.ts';

const utm = (source: string | undefined, medium?: string, campaign?: string): Landing => ({ source, medium, campaign });
const referrer = (referrerHost: string): Landing => ({ referrerHost });

const CASES: readonly [Landing, Channel][] = [
  [{}, 'Direct'],
  [utm('(direct)', '(none)'), 'Direct'],
  [utm('(direct)', '(not set)'), 'Direct'],
  [utm('(direct)'), 'Direct'],
  [utm('', ''), 'Direct'],
  [utm(undefined, undefined, 'winter'), 'Direct'],
  // Rule 1 before rule 2: nothing but a campaign is still direct.
  [utm('(direct)', '(none)', 'cross-network'), 'Direct'],
  [utm('google', 'cpc', 'cross-network'), 'Cross-network'],
  [utm('google', 'cpc', 'FR | Cross-Network | Boots'), 'Cross-network'],
  [utm('newsletter', 'email', 'cross-network-2'), 'Cross-network'],
  [utm('amazon', 'cpc'), 'Paid Shopping'],
  [utm('idealo.de', 'ppc'), 'Paid Shopping'],
  [utm('kelkoo', 'cpc'), 'Paid Shopping'],
  [utm('google', 'cpc', 'shopping_fr'), 'Paid Shopping'],
  [utm('facebook', 'paid', 'eshop-autumn'), 'Paid Shopping'],
  [utm('bing', 'cpc', 'my-shop-autumn'), 'Paid Shopping'],
  // GA4's pattern allows no letter but e before "shop": an eshop is a shop, a workshop is not.
  [utm('google', 'cpc', 'eshop'), 'Paid Shopping'],
  [utm('google', 'cpc', 'workshop'), 'Paid Search'],
  [utm('google', 'cpc'), 'Paid Search'],
  [utm('Google', 'CPC', 'Brand'), 'Paid Search'],
  [utm('bing', 'ppc'), 'Paid Search'],
  [utm('qwant', 'paidsearch'), 'Paid Search'],
  [utm('ecosia.org', 'retargeting'), 'Paid Search'],
  [utm('google', 'cpm'), 'Paid Search'],
  [{ clickIds: ['gclid'] }, 'Paid Search'],
  [{ clickIds: ['msclkid'], referrerHost: 'www.bing.com' }, 'Paid Search'],
  [{ source: 'google', clickIds: ['gclid'] }, 'Paid Search'],
  [utm('facebook', 'cpc'), 'Paid Social'],
  [utm('ig', 'paid_story'), 'Paid Social'],
  [utm('linkedin', 'cpm'), 'Paid Social'],
  [utm('fb', 'paid'), 'Paid Social'],
  [{ clickIds: ['ttclid'] }, 'Paid Social'],
  [utm('youtube', 'cpv'), 'Paid Video'],
  [utm('youtube', 'cpc'), 'Paid Video'],
  [utm('dailymotion.com', 'paid-video'), 'Paid Video'],
  [utm('twitch', 'cpm'), 'Paid Video'],
  // cpm is in rules 7 and 8, the earlier wins.
  [utm('criteo', 'cpm'), 'Display'],
  [utm('lemonde.fr', 'banner'), 'Display'],
  [utm('dv360', 'display'), 'Display'],
  [utm('teads', 'interstitial'), 'Display'],
  [{ clickIds: ['dclid'] }, 'Display'],
  [utm('criteo', 'cpc'), 'Paid Other'],
  [utm('rtbhouse', 'retargeting'), 'Paid Other'],
  [utm('partner', 'paid-partnership'), 'Paid Other'],
  [referrer('www.amazon.fr'), 'Organic Shopping'],
  [referrer('shopping.google.com'), 'Organic Shopping'],
  [referrer('www.leboncoin.fr'), 'Organic Shopping'],
  [utm('newsletter', 'email', 'shopping-days'), 'Organic Shopping'],
  [referrer('l.facebook.com'), 'Organic Social'],
  [referrer('t.co'), 'Organic Social'],
  [referrer('com.pinterest'), 'Organic Social'],
  [utm('agency', 'sm'), 'Organic Social'],
  [utm('intranet', 'Social Network'), 'Organic Social'],
  [utm('facebook', 'email'), 'Organic Social'],
  [{ clickIds: ['fbclid'] }, 'Organic Social'],
  [referrer('www.youtube.com'), 'Organic Video'],
  [referrer('player.vimeo.com'), 'Organic Video'],
  [utm('brand', 'product-video'), 'Organic Video'],
  [referrer('www.google.fr'), 'Organic Search'],
  [referrer('google.co.uk'), 'Organic Search'],
  [referrer('search.yahoo.com'), 'Organic Search'],
  [referrer('www.ecosia.org'), 'Organic Search'],
  [referrer('search.lilo.org'), 'Organic Search'],
  [referrer('com.google.android.googlequicksearchbox'), 'Organic Search'],
  [utm('partner-portal', 'organic'), 'Organic Search'],
  [{ clickIds: ['srsltid'] }, 'Organic Search'],
  [referrer('www.lemonde.fr'), 'Referral'],
  [referrer('mail.google.com'), 'Referral'],
  [referrer('google.evil.com'), 'Referral'],
  [referrer('notgoogle.fr'), 'Referral'],
  [utm('email', 'link'), 'Referral'],
  [utm('app', 'app'), 'Referral'],
  [utm('newsletter', 'email'), 'Email'],
  [utm('crm', 'e-mail'), 'Email'],
  [utm('e_mail', 'crm'), 'Email'],
  [utm('crm', 'e mail'), 'Email'],
  [{ clickIds: ['mc_cid'] }, 'Email'],
  [utm('awin', 'affiliate'), 'Affiliates'],
  [utm('effiliation', 'Affiliate'), 'Affiliates'],
  [utm('awin', 'affiliates'), 'Unassigned'],
  [utm('spotify', 'audio'), 'Audio'],
  [utm('deezer', 'audio'), 'Audio'],
  [utm('sms', 'crm'), 'SMS'],
  [utm('crm', 'sms'), 'SMS'],
  [utm('crm', 'web-push'), 'Mobile Push Notifications'],
  [utm('crm', 'mobile-crm'), 'Mobile Push Notifications'],
  [utm('crm', 'notification'), 'Mobile Push Notifications'],
  [utm('firebase', 'campaign'), 'Mobile Push Notifications'],
  [utm('leaflet', 'qr'), 'Unassigned'],
  [utm('leaflet'), 'Unassigned'],
  [utm(undefined, 'print'), 'Unassigned'],
  // What the site's link says goes before the referrer.
  [{ source: 'newsletter', medium: 'email', referrerHost: 'mail.google.com' }, 'Email'],
  [{ source: 'leaflet', medium: 'qr', referrerHost: 'www.google.fr' }, 'Unassigned'],
];

describe('channel', () => {
  it.each(CASES)('%j is %s', (landing, expected) => {
    expect(channel(landing)).toBe(expected);
  });

  it.each(CHANNEL_RULES.map((rule) => rule.channel))('%s is shown by two cases at least', (name) => {
    expect(CASES.filter(([, expected]) => expected === name).length).toBeGreaterThanOrEqual(2);
  });
});
