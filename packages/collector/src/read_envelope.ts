import { type Batch, DROPPED, LIMITS } from '@parcours/protocol';
import { isSurelyBatch, openBatch, pathOf } from '@parcours/protocol/schema';
import { CollectorError } from './errors.ts';

/** A batch whose envelope is checked and whose items are not: each of them is judged alone. */
export interface Envelope extends Omit<Batch, 'events' | 'stamps'> {
  readonly events: readonly unknown[];
  readonly stamps: readonly unknown[];
}

/** Reads what a batch shares, or refuses it whole with the first fault and its path. */
export function readEnvelope(json: unknown): Envelope {
  const batch = isSurelyBatch(json) ? (json as Envelope) : parsed(json);
  if (batch.events.length > LIMITS.batchEvents) {
    throw new CollectorError('too_many_events', `the batch has more than ${LIMITS.batchEvents} events`);
  }
  if (batch.dropped === undefined) return batch;
  // A code we do not know becomes `other`: whatever a sender writes must not become a metric's label.
  const dropped = batch.dropped.map(({ code, count }) => ({
    code: Object.hasOwn(DROPPED, code) ? code : 'other',
    count,
  }));
  return { ...batch, dropped };
}

function parsed(json: unknown): Envelope {
  const { data, error } = openBatch.safeParse(json);
  if (data) return data;
  const issue = error.issues[0];
  throw new CollectorError('bad_batch', `${pathOf(issue?.path ?? []) || 'the batch'}: ${issue?.message ?? 'invalid'}`);
}
