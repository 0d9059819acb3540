import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openLog } from './append.ts';
import type { SegmentPosition } from './confirm.ts';
import { type Log, LogError } from './log.ts';
import { readLog } from './read.ts';
import { createVolatileDisk, type Fault, type Operation } from './volatile.ts';

const FOLDER = '/data/log/collector-0';

type Step =
  | { readonly do: 'append'; readonly pads: readonly number[] }
  | { readonly do: 'turn' }
  | { readonly do: 'settle' }
  | { readonly do: 'read' }
  | { readonly do: 'restart' }
  | { readonly do: 'clock'; readonly ms: number }
  | { readonly do: 'fault'; readonly operation: Operation; readonly fault: Fault }
  | { readonly do: 'power cut'; readonly afterOperations: number; readonly keep: number };

const share = fc.double({ min: 0, max: 1, noNaN: true });
const fault: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('fault' as const),
    operation: fc.constantFrom<Operation>('datasync', 'syncFolder', 'create', 'makeFolder', 'list', 'open', 'remove'),
    fault: fc.record({ code: fc.constantFrom('EIO', 'ENOSPC') }),
  }),
  fc.record({
    do: fc.constant('fault' as const),
    operation: fc.constant('append' as const),
    fault: fc.record({ code: fc.constantFrom('EIO', 'ENOSPC'), written: fc.nat(300) }),
  }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      pads: fc.array(fc.nat(120), { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 4, arbitrary: fc.constant<Step>({ do: 'turn' }) },
  { weight: 3, arbitrary: fc.constant<Step>({ do: 'settle' }) },
  { weight: 2, arbitrary: fc.constant<Step>({ do: 'read' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'restart' }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clock' as const), ms: fc.integer({ min: -50, max: 50 }) }) },
  { weight: 3, arbitrary: fault },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('power cut' as const), afterOperations: fc.nat(8), keep: share }),
  },
);

test('what was acknowledged is read back exactly once and in order, whatever the disk and the power do', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), share, async (steps, lastKeep) => {
      const { acknowledged, readWhole, followed } = await run(steps, lastKeep);
      for (const ids of [readWhole, followed]) {
        expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
        expect(ids).toEqual(expect.arrayContaining(acknowledged));
      }
    }),
    { numRuns: 1_000 },
  );
});

/** Plays the steps, cuts the power once more at the end, and reads the log: as a whole, and as a follower read it all along. */
async function run(steps: readonly Step[], lastKeep: number) {
  const faults: { operation: Operation; fault: Fault }[] = [];
  let powerCut: { afterOperations: number; keep: number } | undefined;
  let clock = 1000;
  let nextId = 0;
  let isUp = false;
  let log: Log | undefined;
  let place: SegmentPosition = { segment: 0, offset: 0 };
  const pending: Promise<void>[] = [];
  const acknowledged: number[] = [];
  const followed: number[] = [];

  const disk = createVolatileDisk((operation) => {
    if (powerCut && powerCut.afterOperations-- === 0) {
      const { keep } = powerCut;
      powerCut = undefined;
      isUp = false;
      disk.crash((unsynced) => Math.floor(unsynced * keep));
    }
    const index = faults.findIndex((planned) => planned.operation === operation);
    return index < 0 ? undefined : faults.splice(index, 1)[0]?.fault;
  });

  async function append(pad: number): Promise<void> {
    const id = nextId++;
    try {
      await log?.append(JSON.stringify({ id, pad: 'é'.repeat(pad) }));
      acknowledged.push(id);
    } catch (error) {
      expect(error).toBeInstanceOf(LogError);
    }
  }

  async function read(from: SegmentPosition, into: number[]): Promise<SegmentPosition> {
    let at = from;
    for await (const chunk of readLog({ folder: FOLDER, from, maxChunkBytes: 200, files: disk.mount() })) {
      expect(chunk.bad).toEqual([]);
      expect(chunk.startOffset).toBe(chunk.segment === at.segment ? at.offset : 0);
      for (const record of chunk.records) into.push((JSON.parse(Buffer.from(record).toString()) as { id: number }).id);
      at = { segment: chunk.segment, offset: chunk.endOffset };
      place = into === followed ? at : place;
    }
    return at;
  }

  /** Starts a new process on the disk, until one comes up. */
  async function start(): Promise<void> {
    while (!isUp) {
      isUp = true;
      const opened = openLog({ folder: FOLDER, maxSegmentBytes: 600, files: disk.mount(), now: () => clock });
      log = await opened.catch(() => {
        isUp = false;
        return undefined;
      });
    }
  }

  for (const step of steps) {
    await start();
    if (step.do === 'append') pending.push(...step.pads.map(append));
    else if (step.do === 'turn') await new Promise((resolve) => setImmediate(resolve));
    else if (step.do === 'settle') await Promise.all(pending.splice(0));
    else if (step.do === 'read') await read(place, followed).catch(failedByDisk);
    else if (step.do === 'clock') clock += step.ms;
    else if (step.do === 'fault') faults.push(step);
    else if (step.do === 'power cut') powerCut = step;
    else {
      await log?.close();
      isUp = false;
    }
  }
  await log?.close();
  await Promise.all(pending);
  faults.length = 0;
  powerCut = undefined;
  disk.crash((unsynced) => Math.floor(unsynced * lastKeep));
  const readWhole: number[] = [];
  await read({ segment: 0, offset: 0 }, readWhole);
  await read(place, followed);
  return { acknowledged, readWhole, followed };
}

function failedByDisk(error: unknown): void {
  expect(error).toMatchObject({ code: expect.stringMatching(/^(EIO|ENOSPC)$/) });
}
