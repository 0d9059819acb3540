import type { ConsentStamp, EventResult } from '@parcours/protocol';
import type { BatchRecord, ClientContext, StoredStamp } from '@parcours/store/log';
import { createJudge, type Sender } from './ingest.ts';
import type { Arrivals } from './link/arrivals.ts';
import type { JudgedSite } from './options.ts';

/** A failed item with what its batch told. */
export interface FailedItem {
  /** The item, repaired or as it was kept. */
  readonly item: Readonly<Record<string, unknown>>;
  readonly source: string;
  readonly received_at: string;
  readonly sent_at: string;
  readonly sdk: string;
  readonly client: ClientContext;
  /** The consent in force when the item was captured. */
  readonly stamp: StoredStamp;
}

/** What became of it, and the record that makes it so where it did not fail again. */
export type Replayed =
  | { readonly status: 'accepted' | 'filtered'; readonly result: EventResult; readonly record: BatchRecord }
  | { readonly status: 'failed'; readonly result: EventResult };

/** A link's token is not kept with a failed item: whom it named is not known any more. */
const NO_ARRIVALS: Arrivals = { ofBatch: () => ({ linked: undefined, settle: (_event, stored) => stored }) };

/**
 * Judges failed items again by the rules of today, as if they were received when they were: consent as captured, clocks as
 * they stood. Their ids and times stay, so that an item that is replayed twice is one event.
 */
export function createReplay(site: JudgedSite): (failed: FailedItem) => Replayed {
  let receivedAt = 0;
  const { judge } = createJudge({ now: () => receivedAt, arrivals: NO_ARRIVALS });
  return ({ item, source, received_at, sent_at, sdk, client, stamp }) => {
    receivedAt = Date.parse(received_at);
    const byteLength = Buffer.byteLength(JSON.stringify(item));
    const sender: Sender<JudgedSite> =
      source === 'web'
        ? { site, source, address: undefined, userAgent: undefined, visitor: undefined, byteLength }
        : { site, source: 'server', byteLength };
    const events = [{ ...item, stamp: 0 }];
    const { results, record } = judge(
      { v: 1, site: site.id, sdk, sent_at, stamps: [sentStamp(stamp)], events },
      sender,
    );
    const [result] = results as [EventResult];
    if (result.status !== 'accepted' && result.status !== 'filtered') return { status: 'failed', result };
    // What the request told of the device was read when it was received.
    return { status: result.status, result, record: { ...record, source, client } };
  };
}

/** A stored stamp as it was sent. Of a row of the tables, what is not there is null. */
const sentStamp = ({ purposes, source, at, policy_hash, receipt_id }: StoredStamp): ConsentStamp => ({
  purposes: [...purposes],
  source,
  at,
  ...(policy_hash && { policy: policy_hash }),
  ...(receipt_id && { receipt: receipt_id }),
});
