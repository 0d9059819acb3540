import { parseEvent } from '@parcours/protocol/schema';
import { expect, it } from 'vitest';
import { createVisits, EVENTS_PER_BATCH } from './visits.ts';

it('makes batches whose every event is valid and has an id of its own', () => {
  const next = createVisits({ site: 'bench', key: 'pk_bench' });
  const events = Array.from({ length: 50 }, () => JSON.parse(next()).events).flat();
  expect(events).toHaveLength(50 * EVENTS_PER_BATCH);
  for (const event of events) expect(parseEvent(event)).toMatchObject({ ok: true });
  expect(new Set(events.map(({ event_id }) => event_id)).size).toBe(events.length);
});
