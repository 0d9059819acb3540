import { type EventRecord, type FailedCode, LIMITS, type Page, type Purpose } from '@parcours/protocol';
import type { StoredFailure } from '@parcours/store/log';
import { gateKeys } from './consent/gate_keys.ts';
import { CAMPAIGN_KEYS, type ReadPage } from './enrich/page.ts';
import type { Scrubber } from './scrub/scrub.ts';

/** Where and why an item failed. */
export interface Failure {
  readonly stage: StoredFailure['stage'];
  readonly code: FailedCode;
  readonly path: string;
  readonly message: string;
}

/** Faults of shape: the item is larger or deeper than anything here may walk, so its content is not kept. */
const CONTENT_LOST: ReadonlySet<FailedCode> = new Set([
  'not_an_object',
  'event_too_large',
  'too_deep',
  'too_many_keys',
  'forbidden_key',
]);

/**
 * A failed item as it may rest: after consent and scrubbing, like any stored event, so that it can be repaired.
 *
 * @param permits whether the item's stamp grants a purpose
 * @param readPage reads a page as for a stored event: its query is cut to the site's allow-list
 * @param standsFor the visitor id under which the event would have been stored
 */
export function keepFailure(
  item: unknown,
  failure: Failure,
  {
    scrub,
    permits,
    readPage,
    standsFor,
  }: {
    readonly scrub: Scrubber;
    readonly permits: (pointer: number, purpose: Purpose) => boolean;
    readonly readPage: (page: Page) => ReadPage;
    readonly standsFor: (visitorId: unknown) => unknown;
  },
): StoredFailure {
  const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= LIMITS.typeChars;
  const kept = (): string => {
    const { keys, page, ...rest } = item as Partial<EventRecord>;
    const mayKeep = (purpose: Purpose): boolean => permits(rest.stamp as number, purpose);
    const gated = isObject(keys) ? gateKeys(keys, mayKeep, scrub) : undefined;
    return JSON.stringify({
      ...scrub.value(rest),
      ...(rest.visitor_id !== undefined && { visitor_id: scrub.value(standsFor(rest.visitor_id)) }),
      ...(page !== undefined && { page: keptPage(page, scrub, readPage) }),
      ...(gated && { keys: gated }),
    });
  };
  const { event_id, type } = (item ?? {}) as Partial<EventRecord>;
  return {
    ...(isText(event_id) && { event_id: scrub.text(event_id) }),
    ...(isText(type) && { type: scrub.text(type) }),
    stage: failure.stage,
    code: failure.code,
    message: scrub.text(failure.message),
    path: scrub.text(failure.path),
    item: CONTENT_LOST.has(failure.code) ? '' : kept(),
  };
}

/**
 * A page whose address cannot be read keeps none: what its query holds is not known to be allowed. Of the page before stays
 * its host, and of what brought the visitor the campaign, as a stored event has them.
 */
function keptPage(page: unknown, scrub: Scrubber, readPage: (page: Page) => ReadPage): unknown {
  if (!isObject(page)) return scrub.value(page);
  const { url, referrer, ...rest } = page as Partial<Page>;
  const read =
    typeof url === 'string' ? readPage(typeof referrer === 'string' ? { url, referrer } : { url }) : undefined;
  if (!read || read.fault) return scrub.value(rest);
  const { fields } = read;
  const kept = new URL(fields.url);
  for (const key of CAMPAIGN_KEYS) if (fields[key] !== undefined) kept.searchParams.set(key, fields[key]);
  return {
    ...scrub.value(rest),
    // As it was, where nothing is added: writing it anew may change how it is spelled.
    url: CAMPAIGN_KEYS.some((key) => fields[key] !== undefined) ? kept.href : fields.url,
    ...(fields.referrer_host !== undefined && { referrer: `https://${fields.referrer_host}/` }),
  };
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
