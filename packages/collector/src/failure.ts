import { type EventRecord, type FailedCode, LIMITS } from '@parcours/protocol';
import type { StoredFailure } from '@parcours/store/log';
import type { createDecision } from './consent/decide.ts';
import { gateKeys } from './consent/gate_keys.ts';
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

/** A failed item as it may rest: after consent and scrubbing, like any stored event, so that it can be repaired. */
export function keepFailure(
  item: unknown,
  failure: Failure,
  scrub: Scrubber,
  deny: ReturnType<typeof createDecision>,
): StoredFailure {
  const { event_id, type, stamp, keys, ...rest } = (item ?? {}) as Partial<EventRecord>;
  const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= LIMITS.typeChars;
  const kept = (): string => {
    const gated = typeof keys === 'object' ? gateKeys(keys, (purpose) => !deny(stamp, purpose)) : undefined;
    return JSON.stringify(scrub.value({ event_id, type, stamp, ...rest, ...(gated && { keys: gated }) }));
  };
  return {
    ...(isText(event_id) && { event_id: scrub.text(event_id) }),
    ...(isText(type) && { type: scrub.text(type) }),
    ...failure,
    message: scrub.text(failure.message),
    path: scrub.text(failure.path),
    item: CONTENT_LOST.has(failure.code) ? '' : kept(),
  };
}
