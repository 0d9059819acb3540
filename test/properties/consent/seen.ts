import type { EventRecord } from '@parcours/protocol';
import type { Permitted } from './permitted.ts';

/** What of an event a text or a row gives away. */
export interface Seen {
  /** Of which event it is. */
  readonly number: number;
  /** Whether it only tells who it was. */
  readonly identifies: boolean;
  /** Whether its campaign is told. */
  readonly campaign: boolean;
  /** Whether it is told who it was. */
  readonly keys: boolean;
  /** Whether the property is told for which the policy asks more. */
  readonly taste: boolean;
}

/** What is told of an event against the law, or nothing. */
export function breach({ number, identifies, campaign, keys, taste }: Seen, permitted: Permitted): string | undefined {
  const purposes = permitted.get(number);
  if (!purposes?.has('audience')) return `event ${number} without audience`;
  if (identifies && !purposes.has('crm_join')) return `identity ${number} without crm_join`;
  if (campaign && !purposes.has('ads_measurement')) return `the campaign of event ${number} without ads_measurement`;
  if (keys && !purposes.has('crm_join')) return `the keys of event ${number} without crm_join`;
  if (taste && !purposes.has('personalisation')) return `the taste of event ${number} without personalisation`;
  return undefined;
}

/**
 * The words that only a life's own events hold, so that each is found wherever it is written: `u-` names a campaign, `C-` a
 * customer, `t-` a taste; an event's number follows the name.
 */
export const wordsOf = (name: string) => ({
  campaign: (number: number) => `u-${name}-${number}`,
  customer: (number: number) => `C-${name}-${number}`,
  taste: (number: number) => `t-${name}-${number}`,
  event: (number: number) => `${name}-${number}`,
  page: (number: number) => `/${name}/${number}`,
});

/** An event of a life as it is on the wire, on the device, or as its row has it. */
export function seenOf(event: Pick<EventRecord, 'type' | 'page' | 'keys' | 'props'>, name: string): Seen {
  const text = JSON.stringify(event);
  const numbers = { page_view: event.page?.url, identify: event.keys?.customer_id, lived: event.props?.n };
  const told = new RegExp(`${name}[-/](\\d+)`).exec(`${numbers[event.type as keyof typeof numbers]}`);
  return {
    number: Number(told?.[1] ?? -1),
    identifies: event.type === 'identify',
    campaign: /utm_|gclid/.test(text) || text.includes(`u-${name}-`),
    keys: text.includes(`C-${name}-`),
    taste: text.includes(`t-${name}-`),
  };
}

/** Campaigns, and whatever else of a life, that stand in a text which is no event. */
export function wordsIn(
  text: string,
  name: string,
): { readonly campaigns: readonly number[]; readonly others: string[] } {
  const words = text.match(new RegExp(`(\\w-)?${name}[-/]\\d+`, 'g')) ?? [];
  const isCampaign = (word: string): boolean => word.startsWith('u-');
  return {
    campaigns: words.filter(isCampaign).map((word) => Number(word.split('-').at(-1))),
    others: words.filter((word) => !isCampaign(word)),
  };
}
