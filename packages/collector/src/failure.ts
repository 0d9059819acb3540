import { type EventRecord, type FailedCode, LIMITS, type Page, type Purpose } from '@parcours/protocol';
import type { StoredFailure } from '@parcours/store/log';
import { gateKeys } from './consent/gate_keys.ts';
import type { ReadPage } from './enrich/page.ts';
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
 */
export function keepFailure(
  item: unknown,
  failure: Failure,
  {
    scrub,
    permits,
    readPage,
  }: {
    readonly scrub: Scrubber;
    readonly permits: (pointer: number, purpose: Purpose) => boolean;
    readonly readPage: (page: Page) => ReadPage;
  },
): StoredFailure {
  const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= LIMITS.typeChars;
  const kept = (): string => {
    const { keys, page, ...rest } = item as Partial<EventRecord>;
    const mayKeep = (purpose: Purpose): boolean => permits(rest.stamp as number, purpose);
    const gated = isObject(keys) ? gateKeys(keys, mayKeep, scrub) : undefined;
    return JSON.stringify({
      ...scrub.value(rest),
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

/** A page whose address cannot be read keeps none: what its query holds is not known to be allowed. */
function keptPage(page: unknown, scrub: Scrubber, readPage: (page: Page) => ReadPage): unknown {
  if (!isObject(page)) return scrub.value(page);
  const { url, referrer, ...rest } = page as Partial<Page>;
  const read = typeof url === 'string' ? readPage({ url }) : undefined;
  return { ...scrub.value(rest), ...(read && !read.fault && { url: read.fields.url }) };
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
