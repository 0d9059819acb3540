/**
 * The query keys that platforms add to a link when it is followed. Their values identify a click, and with it a person:
 * no value goes on the wire or into a table, only that there was one.
 */
export const CLICK_IDS = [
  'gclid',
  'wbraid',
  'gbraid',
  'dclid',
  'msclkid',
  'yclid',
  'ttclid',
  'twclid',
  'li_fat_id',
  'ScCid',
  'epik',
  'rdt_cid',
  'mc_cid',
  '_kx',
  'srsltid',
  'fbclid',
  'igshid',
] as const;

export type ClickId = (typeof CLICK_IDS)[number];
