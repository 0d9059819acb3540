import type { ClickId } from '@parcours/protocol';

/**
 * What the presence of a click id says about the visit. Keys that stand on paid links only are `cpc`; those that stand on
 * every link of the platform are not.
 * Sources: each platform's own documentation of its key; GA4 reads the Google ones the same way.
 */
const MEANINGS: Readonly<Record<ClickId, { readonly source: string; readonly medium: string }>> = {
  gclid: { source: 'google', medium: 'cpc' },
  wbraid: { source: 'google', medium: 'cpc' },
  gbraid: { source: 'google', medium: 'cpc' },
  dclid: { source: 'dfa', medium: 'cpm' },
  msclkid: { source: 'bing', medium: 'cpc' },
  yclid: { source: 'yandex', medium: 'cpc' },
  ttclid: { source: 'tiktok', medium: 'cpc' },
  twclid: { source: 'twitter', medium: 'cpc' },
  li_fat_id: { source: 'linkedin', medium: 'cpc' },
  ScCid: { source: 'snapchat', medium: 'cpc' },
  epik: { source: 'pinterest', medium: 'cpc' },
  rdt_cid: { source: 'reddit', medium: 'cpc' },
  mc_cid: { source: 'mailchimp', medium: 'email' },
  _kx: { source: 'klaviyo', medium: 'email' },
  srsltid: { source: 'google', medium: 'organic' },
  fbclid: { source: 'facebook', medium: 'social' },
  igshid: { source: 'instagram', medium: 'social' },
};

/** The meaning of each click id, by its query key. */
export const CLICK_IDS: ReadonlyMap<string, (typeof MEANINGS)[ClickId]> = new Map(Object.entries(MEANINGS));
