import { aBatch, anEvent } from '../../support/batch.ts';

const EVENTS = 200;

export interface LargeBatch {
  readonly body: string;
  readonly ids: readonly string[];
}

/**
 * Batches of as many events as one may well have, all new: they cost the collector far more than whoever sends them, so one core can send several
 * times what another can take.
 */
export function largeBatches(site: string): () => LargeBatch {
  const event = JSON.stringify(anEvent({ event_id: 'ID' }));
  const [head = '', tail = ''] = JSON.stringify(aBatch(['EVENTS'], { site, key: `pk_${site}` })).split('"EVENTS"');
  let count = 0;
  return () => {
    const ids = Array.from({ length: EVENTS }, () => `019aa1c0-0000-7000-8000-${`${++count}`.padStart(12, '0')}`);
    return { body: head + ids.map((id) => event.replace('ID', id)).join() + tail, ids };
  };
}
