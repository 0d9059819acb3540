import type { Batch } from '@parcours/protocol';
import type { Item } from './queue/item.ts';
import { withFields } from './serialise.ts';

/** What a batch says besides its events. */
export type BatchHead = Omit<Batch, 'stamps' | 'events'>;

/** The stamps of a batch, each once. */
export const stampsOf = (items: readonly Item[]): readonly string[] => [...new Set(items.map((item) => item.stamp))];

/** A protocol `Batch` as JSON. Events were frozen as text, so they are joined, not serialised again. */
export function batchText(head: BatchHead, items: readonly Item[]): string {
  const stamps = stampsOf(items);
  const events = items.map((item) => withFields(item.text, `"stamp":${stamps.indexOf(item.stamp)}`));
  return withFields(JSON.stringify(head), `"stamps":[${stamps}],"events":[${events}]`);
}
