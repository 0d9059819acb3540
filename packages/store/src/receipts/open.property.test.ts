import { createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createVolatileDisk, type Fault, type Operation } from '../log/volatile.ts';
import { signingKeyOf } from './keys.ts';
import { openReceipts } from './open.ts';
import { readChain } from './read.ts';
import type { Receipts } from './receipts.ts';
import { testReceipt } from './testing.ts';
import { verifyReceipts } from './verify.ts';

const KEY = signingKeyOf(new Uint8Array(32).fill(3));
const PUBLIC = [createPublicKey(KEY)];
const FOLDER = '/data/receipts/collector-0';

type Step =
  | { readonly do: 'append'; readonly choices: readonly number[] }
  | { readonly do: 'settle' }
  | { readonly do: 'restart' }
  | { readonly do: 'fault'; readonly operation: Operation; readonly fault: Fault }
  | { readonly do: 'power cut'; readonly keep: number };

const kind = <Name extends Step['do']>(name: Name) => fc.constant(name);
const share = fc.double({ min: 0, max: 1, noNaN: true });
const code = fc.constantFrom('EIO', 'ENOSPC');
const step: fc.Arbitrary<Step> = fc.oneof(
  // Few choices, so that the same is told again.
  {
    weight: 6,
    arbitrary: fc.record({ do: kind('append'), choices: fc.array(fc.nat(30), { minLength: 1, maxLength: 4 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: kind('settle') }) },
  { weight: 1, arbitrary: fc.record({ do: kind('restart') }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: kind('fault'),
      operation: fc.constantFrom<Operation>('datasync', 'create', 'syncFolder', 'syncFile', 'list'),
      fault: fc.record({ code }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: kind('fault'),
      operation: fc.constant<Operation>('append'),
      fault: fc.record({ code, written: fc.nat(2_500) }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: kind('power cut'), keep: share }) },
);

test('whatever the disk and the power do, the chain verifies and holds each receipt that was acknowledged', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), share, async (steps, lastKeep) => {
      const { acknowledged, verified, held } = await run(steps, lastKeep);
      expect(verified.faults).toEqual([]);
      expect([...held]).toEqual(expect.arrayContaining([...acknowledged]));
    }),
    { numRuns: 300 },
  );
}, 60_000);

async function run(steps: readonly Step[], lastKeep: number) {
  const faults: { operation: Operation; fault: Fault }[] = [];
  const disk = createVolatileDisk((operation) => {
    const at = faults.findIndex((each) => each.operation === operation);
    return at < 0 ? undefined : faults.splice(at, 1)[0]?.fault;
  });
  const acknowledged = new Set<string>();
  let clock = 1_000;
  let receipts: Receipts | undefined;
  let appends: Promise<void>[] = [];
  // A sync that failed leaves bytes that can be read and are not on disk: until the power goes nobody can tell. So a
  // process that dies after one is followed by a power cut here, as the documentation of the log has it.
  let mayHaveLost = false;

  const opened = async (): Promise<Receipts | undefined> => {
    receipts ??= await openReceipts({
      folder: FOLDER,
      signingKey: KEY,
      files: disk.mount(),
      maxSegmentBytes: 4_000,
      now: () => clock++,
    }).catch(() => undefined);
    return receipts;
  };
  const settle = async (): Promise<void> => {
    await Promise.allSettled(appends);
    appends = [];
  };
  const cutPower = async (keep: number): Promise<void> => {
    disk.crash((bytes) => Math.floor(bytes * keep));
    await settle();
    await receipts?.close();
    receipts = undefined;
    mayHaveLost = faults.length > 0;
  };

  for (const each of steps) {
    if (each.do === 'append') {
      const open = await opened();
      for (const choice of each.choices) {
        const receipt = testReceipt(choice);
        const done = open?.append(receipt).then(() => void acknowledged.add(receipt.receipt_id));
        if (done) appends.push(done.catch(() => undefined));
      }
    } else if (each.do === 'settle') await settle();
    else if (each.do === 'fault') {
      faults.push(each);
      mayHaveLost = true;
    } else if (each.do === 'power cut') await cutPower(each.keep);
    else if (mayHaveLost) await cutPower(1);
    else {
      await settle();
      await receipts?.close();
      receipts = undefined;
    }
  }
  await settle();
  disk.crash((bytes) => Math.floor(bytes * lastKeep));
  faults.length = 0;
  const files = disk.mount();
  const held = new Set<string>();
  for await (const { receipt } of readChain(FOLDER, { files })) if (receipt) held.add(receipt.receipt_id);
  const verified = await verifyReceipts('/data/receipts', PUBLIC, { files, writers: ['collector-0'] });
  return { acknowledged, verified, held };
}
