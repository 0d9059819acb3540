import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { diskFiles } from '../log/disk.ts';
import type { LogFiles } from '../log/files.ts';
import { listSegments, segmentPath } from '../log/segment.ts';
import { type ChainFault, type CheckedChain, createChainCheck, type JudgedLine } from './check.ts';
import { checkCuts } from './check_cuts.ts';
import { newestCut, readCuts } from './cut.ts';
import { judgeRecord } from './judge.ts';
import { type ChainLine, chainWriters, readChainLines } from './read.ts';
import type { ChainKind, ChainRecord } from './record.ts';

export interface VerifyOptions {
  /** Hash of a record that each writer's chain is known to have held, as an export or a backup told it. */
  readonly heads?: Readonly<Record<string, string>>;
  /** Told how far it is, after each lot. */
  readonly onProgress?: (records: number) => void;
  /** Faults told at most; all are counted. Default 1,000. */
  readonly maxFaults?: number;
  /** Only the chains of these writers. Default: of all that there are, and of those in `heads`. */
  readonly writers?: readonly string[];
  /** Only so many of the newest segments of each chain: quick, and blind to what was done before them. Default: all. */
  readonly newestSegments?: number;
  /** Default: the disk. */
  readonly files?: LogFiles;
}

export interface VerifiedChains {
  readonly records: number;
  readonly chains: readonly CheckedChain[];
  /** In the order of the records. */
  readonly faults: readonly ChainFault[];
  readonly faultCount: number;
}

/** Records whose signatures are checked at a time, on the threads of libuv. */
const LOT = 2_000;

/**
 * Reads every record of a folder's chains, such as `data/receipts`, and checks each: its checksum, its signature, and that it names
 * the record before it. So whatever was altered, removed, added or moved is told with its place; a chain cut off at its end
 * is told where a head is given.
 */
export async function verifyChains<R extends ChainRecord>(
  kind: ChainKind<R>,
  folder: string,
  publicKeys: readonly KeyObject[],
  options: VerifyOptions = {},
): Promise<VerifiedChains> {
  const { heads = {}, onProgress, maxFaults = 1_000, newestSegments = Infinity, files = diskFiles } = options;
  const writers = options.writers ?? [...new Set([...(await chainWriters(folder)), ...Object.keys(heads)])].sort();
  const faults: ChainFault[] = [];
  const chains: CheckedChain[] = [];
  let faultCount = 0;
  let read = 0;
  for (const writer of writers) {
    const place = join(folder, writer);
    let checked: Awaited<ReturnType<typeof verifyOne>>;
    let isCutMeanwhile: boolean;
    do {
      checked = await verifyOne(writer);
      // What age takes while it is read looks as if it were missing: then it is read once more, from the new cut on.
      isCutMeanwhile = checked.faults.length > 0 && (await newestCut(place, files)) > checked.cutAt;
    } while (isCutMeanwhile);
    const { chain, faults: found } = checked;
    chains.push(chain);
    faultCount += found.length;
    faults.push(...found.slice(0, Math.max(0, maxFaults - faults.length)));
  }

  async function verifyOne(writer: string) {
    const place = join(folder, writer);
    const cuts = await readCuts(place, files);
    const { cut, faults: wrongCuts } = await checkCuts(writer, cuts, publicKeys);
    const first = cut ? cut.segment + 1 : 0;
    const from = Math.max(first, await firstOfNewest(files, place, newestSegments));
    const check = createChainCheck(kind, writer, { head: heads[writer], isWhole: from === first, cut });
    for await (const lot of lots(readChainLines(kind, place, { files, from }))) {
      const judged = await Promise.all(lot.map((line) => judge(line, publicKeys)));
      for (const each of judged) check.take(each);
      read += lot.length;
      onProgress?.(read);
    }
    const { chain, faults: inChain } = check.end();
    return { chain, faults: [...wrongCuts, ...inChain], cutAt: cuts.at(-1)?.segment ?? -1 };
  }

  return { records: chains.reduce((sum, chain) => sum + chain.records, 0), chains, faults, faultCount };
}

/** The first of so many newest segments; the newest that has bytes is the last of them: one that is just being made says nothing. 0: all. */
async function firstOfNewest(files: LogFiles, folder: string, count: number): Promise<number> {
  if (count === Infinity) return 0;
  const segments = await listSegments(files, folder);
  for (let last = segments.length - 1; last >= 0; last--) {
    const file = await files.open(segmentPath(folder, segments[last] as number));
    if ((await file.size().finally(() => file.close())) > 0) return segments[last - count + 1] ?? 0;
  }
  return 0;
}

async function judge<R extends ChainRecord>(
  line: ChainLine<R>,
  publicKeys: readonly KeyObject[],
): Promise<JudgedLine<R>> {
  if (!line.record) return { ...line, isSigned: false };
  return { ...line, ...(await judgeRecord(line.record, publicKeys)) };
}

async function* lots<T>(lines: AsyncIterable<T>): AsyncGenerator<readonly T[]> {
  let lot: T[] = [];
  for await (const line of lines) {
    lot.push(line);
    if (lot.length === LOT) {
      yield lot;
      lot = [];
    }
  }
  if (lot.length > 0) yield lot;
}
