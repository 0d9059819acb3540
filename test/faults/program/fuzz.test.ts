import type { BatchReply } from '@parcours/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom, testSeed } from '../../support/random.ts';
import { fuzzed } from './fuzzed.ts';
import { residentMb } from './memory.ts';
import { createRawSender } from './raw_sender.ts';
import { judgeRows, type Served, serveProgram } from './served.ts';

/** A million with `TEST_FUZZ=1000000`. */
const BODIES = Number(process.env.TEST_FUZZ ?? 100_000);
const SEED = testSeed();
const SENDERS = 24;

let served: Served;
beforeAll(async () => {
  served = await serveProgram();
});
afterAll(() => served?.stop());

/** Sums of a counter's series, by one of its labels. */
async function metric(name: string, label: string): Promise<Record<string, number>> {
  const text = await (await fetch(`${served.collector}/metrics`)).text();
  const sums: Record<string, number> = {};
  for (const [, labels, value] of text.matchAll(new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)$`, 'gm'))) {
    const of = new RegExp(`${label}="([^"]*)"`).exec(labels ?? '')?.[1] ?? '';
    sums[of] = (sums[of] ?? 0) + Number(value);
  }
  return sums;
}

test(
  `${BODIES} fuzzed and aborted bodies: alive, and the accounts add up (seed ${SEED})`,
  async () => {
    const pid = served.pidOf('collector') as number;
    const { port } = new URL(served.collector);
    const promised = new Set<string>();
    const outcomes: Record<string, number> = {};
    const statuses: Record<string, number> = {};
    let left = BODIES;
    const work = async (n: number): Promise<void> => {
      const random = createRandom(SEED + n);
      const sender = createRawSender(Number(port), '/v1/events');
      while (left-- > 0) {
        const answer = await sender.send(fuzzed(random));
        const status = answer?.status ?? 'aborted';
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (answer?.status !== 200) continue;
        for (const { status: outcome, event_id } of (JSON.parse(answer.body) as BatchReply).results) {
          outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
          if (outcome === 'accepted') promised.add((event_id as string).toLowerCase());
        }
      }
      sender.close();
    };
    await Promise.all(Array.from({ length: SENDERS }, (_, n) => work(n)));

    // Nothing that anybody can send is our own fault.
    expect(Object.keys(statuses).filter((status) => Number(status) >= 500)).toEqual([]);
    expect(statuses.aborted).toBeGreaterThan(BODIES / 20);
    expect(statuses['200']).toBeGreaterThan(BODIES / 10);
    expect(statuses['400']).toBeGreaterThan(BODIES / 20);
    expect(served.pidOf('collector')).toBe(pid);
    // An alert that many events fail is as it should be.
    expect(served.output()).not.toMatch(/"level":"error".*"part":"(collector|reader)"/);

    // What was answered, what is counted, and what became a row are the same.
    const { '': received } = await metric('parcours_items_received_total', 'none');
    expect(await metric('parcours_items_total', 'status')).toEqual(outcomes);
    expect(received).toBe(Object.values(outcomes).reduce((sum, count) => sum + count, 0));
    const { lost, twice, rows } = await judgeRows(served, { promised });
    expect({ lost, twice }).toEqual({ lost: [], twice: [] });
    expect(rows).toBe(promised.size);
    // What was cut off last ends as the collector notices.
    await expect.poll(async () => (await metric('parcours_requests_in_flight', 'none'))['']).toBe(0);
    expect(residentMb(pid)).toBeLessThan(400);
  },
  60_000 + BODIES * 3,
);
