import type { Dropped } from '@parcours/protocol';
import type { Item } from './queue/item.ts';
import { withFields } from './serialise.ts';

/** What a batch says besides its events. */
export interface BatchHead {
  readonly v: 1;
  readonly site: string;
  readonly key: string;
  readonly sdk: string;
  readonly sent_at: string;
  readonly visitor_id: string;
  readonly rotate: boolean | undefined;
  readonly dropped: readonly Dropped[] | undefined;
}

/** A protocol `Batch` as JSON. Events were frozen as text, so they are joined, not serialised again. */
export function batchText(head: BatchHead, items: readonly Item[]): string {
  const stamps = [...new Set(items.map((item) => item.stamp))];
  const events = items.map((item) => withFields(item.text, `"stamp":${stamps.indexOf(item.stamp)}`));
  return withFields(JSON.stringify(head), `"stamps":[${stamps}],"events":[${events}]`);
}
