import { type EventRecord, type FailedCode, gateEvent, LIMITS, type Page } from '@parcours/protocol';
import type { StoredFailure } from '@parcours/store/log';
import type { Gate } from './consent/gates.ts';
import { CAMPAIGN_KEYS, type ReadPage } from './enrich/page.ts';
import { cleanKeys } from './scrub/clean_keys.ts';
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
 * @param gate what the item's stamp lets through; undefined for what has none, of which nothing is kept
 * @param readPage reads a page as for a stored event: its query is cut to the site's allow-list
 * @param standsFor the visitor id under which the event would have been stored
 */
export function keepFailure(
  item: unknown,
  failure: Failure,
  {
    scrub,
    gate,
    readPage,
    standsFor,
  }: {
    readonly scrub: Scrubber;
    readonly gate: Gate | undefined;
    readonly readPage: (page: Page) => ReadPage;
    readonly standsFor: (visitorId: unknown) => unknown;
  },
): StoredFailure {
  const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= LIMITS.typeChars;
  const kept = (through: Gate): string => {
    const { keys, page, ...rest } = gateItem(item as Partial<EventRecord>, through);
    const clean = isObject(keys) ? cleanKeys(keys, scrub) : undefined;
    return JSON.stringify({
      ...scrub.value(rest),
      ...(rest.visitor_id !== undefined && { visitor_id: scrub.value(standsFor(rest.visitor_id)) }),
      ...(page !== undefined && { page: keptPage(page, scrub, readPage) }),
      ...(clean && { keys: clean }),
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
    item: CONTENT_LOST.has(failure.code) || !gate ? '' : kept(gate),
  };
}

/**
 * An item, of whatever shape, without what does not pass. A part that has not the form by which its fields are told apart goes
 * whole.
 */
function gateItem(item: Partial<EventRecord>, gate: Gate): Partial<EventRecord> {
  if (gate.isOpen) return item;
  const { type, visitor_id, session_id, page_view_id, page, keys, props, ...rest } = item;
  const isPage = isObject(page) && typeof page.url === 'string';
  const gated = gateEvent(
    {
      type: typeof type === 'string' ? type : '',
      ...(visitor_id !== undefined && { visitor_id }),
      ...(session_id !== undefined && { session_id }),
      ...(page_view_id !== undefined && { page_view_id }),
      ...(isPage && { page }),
      ...(isObject(keys) && { keys }),
      ...(isObject(props) && { props }),
    },
    gate,
  );
  return { ...openOf(rest, gate), ...(gated.code === undefined && gated.event), ...(type !== undefined && { type }) };
}

/** What stands where no field should, without what has the name of one that is closed. */
const openOf = (rest: object, gate: Gate): object =>
  Object.fromEntries(Object.entries(rest).filter(([name]) => gate.keeps(name)));

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
