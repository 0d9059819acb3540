import type { ConsentStamp, EventResult, Withdrawals } from '@parcours/protocol';
import type { BatchRecord, ClientContext, StoredStamp } from '@parcours/store/log';
import { createConsent } from './consent/batch_consent.ts';
import { NOBODY_ERASED } from './consent/erased.ts';
import { gateClient } from './consent/gate_client.ts';
import type { PublishedPolicy } from './consent/policies.ts';
import { createPolicies } from './consent/policies.ts';
import { createJudge } from './judge.ts';
import type { Arrivals } from './link/arrivals.ts';
import type { JudgedSite } from './options.ts';
import type { Sender } from './sender.ts';
import { VISITOR_LIFE_MS } from './visitor_age.ts';

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
  | { readonly status: 'failed'; readonly result: EventResult }
  /** It cannot be known whether it may be stored: it stays where it is. */
  | { readonly status: 'undecided'; readonly message: string };

/** What has been decided since an item was received. */
export interface ConsentNow {
  /** The policies that were published, the oldest first. Default: the built-in rules, and every policy is known. */
  readonly published?: readonly PublishedPolicy[];
  /** What a visitor has withdrawn, whenever. Default nothing. */
  readonly withdrawalsOf?: (visitorId: string) => Withdrawals | undefined;
  /** When anybody on the site withdrew something last, by the visitor's clock, ms since the epoch. Default never. */
  readonly lastWithdrawnAt?: number | undefined;
}

const NOBODYS =
  'it names no visitor, and somebody on its site has withdrawn a choice since: whether it was this one is not known';

/** Of a request that was answered long ago. Its Global Privacy Control is in the purposes that were stored. */
const NO_REQUEST = {
  address: undefined,
  userAgent: undefined,
  visitor: undefined,
  objected: false,
  gpc: false,
  lifeMs: VISITOR_LIFE_MS,
} as const;

/** A link's token is not kept with a failed item: whom it named is not known any more. */
const NO_ARRIVALS: Arrivals = { ofBatch: () => ({ linked: undefined, settle: (_event, stored) => stored }) };

/**
 * Judges failed items again by the rules of today, as if they were received when they were: consent as captured, clocks as
 * they stood. Their ids and times stay, so that an item that is replayed twice is one event.
 */
export function createReplay(site: JudgedSite, consentNow: ConsentNow = {}): (failed: FailedItem) => Replayed {
  let receivedAt = 0;
  const { published, withdrawalsOf = () => undefined, lastWithdrawnAt } = consentNow;
  const policies = createPolicies(published ?? [], Date.now);
  const consent = createConsent({
    policies: published ? policies : { ...policies, knows: () => true },
    // The receipt was verified when the item was received.
    receipts: { isOf: () => true, subjectOf: (_, visitorId) => visitorId },
    withdrawals: { of: (_, visitorId) => withdrawalsOf(visitorId) },
    // Failures of somebody who was erased are gone, and the tables leave out whatever names them.
    erased: NOBODY_ERASED,
  });
  const { judge } = createJudge({ now: () => receivedAt, arrivals: NO_ARRIVALS, consent, erased: NOBODY_ERASED });
  return ({ item, source, received_at, sent_at, sdk, client, stamp }) => {
    // A browser's batch names its visitor, who is kept with an item that names him itself. A server that names none answers
    // for the choice, as when the item was received.
    const isNobodys = source === 'web' && typeof item.visitor_id !== 'string';
    if (isNobodys && lastWithdrawnAt !== undefined && !(Date.parse(stamp.at) > lastWithdrawnAt)) {
      return { status: 'undecided', message: NOBODYS };
    }
    receivedAt = Date.parse(received_at);
    const byteLength = Buffer.byteLength(JSON.stringify(item));
    const sender: Sender<JudgedSite> =
      source === 'web' ? { site, source, ...NO_REQUEST, byteLength } : { site, source: 'server', byteLength };
    const events = [{ ...item, stamp: 0 }];
    const { results, record, gates } = judge(
      { v: 1, site: site.id, sdk, sent_at, stamps: [sentStamp(stamp)], events },
      sender,
    );
    const [result] = results as [EventResult];
    if (result.status !== 'accepted' && result.status !== 'filtered') return { status: 'failed', result };
    // What the request told of the device was read when it was received.
    return { status: result.status, result, record: { ...record, source, client: gateClient(client, gates) } };
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
