import type { BatchReply } from '@parcours/protocol';
import type { Random } from '../../support/random.ts';
import { type Life, NOW } from './life.ts';
import type { Promises } from './promises.ts';

/** A visitor's browser: it sends, tells again what had no answer or whose answer it lost, chooses anew and takes it back. */
export interface Shopper {
  /** Does one thing, and resolves once it is answered. */
  act(life: Life, promises: Promises): Promise<void>;
}

interface Batch {
  readonly visitor_id: string;
  readonly events: readonly { readonly event_id: string }[];
  readonly stamps?: readonly unknown[];
  readonly withdrawn?: { readonly at: string };
}

const iso = (ms: number): string => new Date(ms).toISOString();

export function createShopper(random: Random, isAlive: (life: Life) => boolean): Shopper {
  let visitor = random.uuid();
  let chosenAt = NOW - 3_600_000;
  let receipt: string | undefined;
  const sent: Batch[] = [];

  const batchOf = (more: object, count: number): Batch => ({
    ...{ v: 1, site: 'shop', key: 'pk_demo', sdk: 'test', sent_at: iso(NOW) },
    visitor_id: visitor,
    stamps: [{ purposes: ['audience'], source: 'manual', at: iso(chosenAt), ...(receipt && { receipt }) }],
    events: Array.from({ length: count }, (_, seq) => ({
      ...{ event_id: random.uuid(), type: 'page_view', occurred_at: iso(NOW), stamp: 0, seq, visitor_id: visitor },
      page: { url: `https://shop.example/${'boots/'.repeat(random.below(20))}` },
    })),
    ...more,
  });

  async function post(batch: Batch, life: Life, promises: Promises): Promise<void> {
    const { status, body } = await life.post(batch);
    // Whoever answers after the power went is not heard.
    if (status !== 200 || !isAlive(life)) return;
    const { results, receipts = [] } = JSON.parse(body) as BatchReply;
    for (const result of results) {
      if (['accepted', 'duplicate'].includes(result.status)) promises.events.add(result.event_id as string);
    }
    for (const told of receipts) {
      if (told === null) continue;
      promises.receipts.add(told);
      if (batch.visitor_id === visitor) receipt = told;
    }
    if (batch.withdrawn) promises.withdrawn.add(batch.visitor_id);
  }

  return {
    async act(life, promises) {
      const choice = random();
      if (choice < 0.15 && sent.length > 0) return post(sent[random.below(sent.length)]!, life, promises);
      if (choice < 0.25) {
        const withdrawal = batchOf({ withdrawn: { at: iso(chosenAt + 1_000) }, stamps: [] }, 0);
        sent.push(withdrawal);
        // Whoever took everything back and chooses anew is somebody else.
        visitor = random.uuid();
        chosenAt += 60_000;
        receipt = undefined;
        return post(withdrawal, life, promises);
      }
      const batch = batchOf({}, 1 + random.below(4));
      sent.push(batch);
      // Now and then the same twice: the answer took too long.
      const again = choice > 0.7 ? [post(batch, life, promises)] : [];
      await Promise.all([post(batch, life, promises), ...again]);
    },
  };
}
