import { createPublicKey, type KeyObject, randomUUID } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { diskFiles } from '../log/disk.ts';
import { isFileError, type LogFiles } from '../log/files.ts';
import { listSegments, segmentPath } from '../log/segment.ts';
import { createChainCheck } from './check.ts';
import { checkCuts } from './check_cuts.ts';
import { type ChainCut, readCuts, writeCut } from './cut.ts';
import { judgeRecord } from './judge.ts';
import { readChainSegment } from './read.ts';
import type { ChainKind, ChainRecord } from './record.ts';
import { recordHash, sealRecord } from './seal.ts';

export interface ShortenOptions<R extends ChainRecord> {
  /** The writer's own folder, such as `data/receipts/collector-0`. The writer may append meanwhile. */
  readonly folder: string;
  /** Ed25519. */
  readonly signingKey: KeyObject;
  /** Until when a record is kept, ms since the epoch. */
  readonly keptUntil: (record: R) => number;
  /** Ms since the epoch: what was kept until then, goes. */
  readonly now: number;
  /** Only tells what would go. Default false. */
  readonly dryRun?: boolean;
  /** Default: the disk. */
  readonly files?: LogFiles;
  /** A UUID at each call. */
  readonly newId?: () => string;
}

/** What went of one writer's records, or would go. */
export interface Shortened {
  readonly removed: number;
  /** When the oldest of those that are left was written, UTC; absent where there is none. */
  readonly oldest?: string;
  /** Whether something is wrong with a record that is due: it and what follows stay, or what shows the fault went too. */
  readonly isFaulty: boolean;
}

/**
 * Takes away the beginning of a chain that nothing need be proven by any more: whole segments, the oldest first, as long as every
 * record in them has had its time. The newest segment that holds one stays: the next record goes on from it.
 *
 * First a signed cut is on disk that says what goes, then the files go. After a kill between the two, readers and `verifyChains`
 * pass over what still lies there, and the next call removes it: the same records are left.
 *
 * @throws the file system's errors
 */
export async function shortenChain<R extends ChainRecord>(
  kind: ChainKind<R>,
  options: ShortenOptions<R>,
): Promise<Shortened> {
  const { signingKey, now, dryRun = false, files = diskFiles, newId = randomUUID } = options;
  const folder = resolve(options.folder);
  const writer = basename(folder);
  const {
    cut: before,
    hash: previous = null,
    faults,
  } = await checkCuts(writer, await readCuts(folder, files), undefined);
  if (faults.length > 0) return { removed: 0, isFaulty: true };

  const segments = await listSegments(files, folder);
  const isLeft = (segment: number): boolean => segment > (before?.segment ?? -1);
  const leftBehind = segments.filter((segment) => !isLeft(segment));
  // A cut that is not ours may be anybody's: it lets nothing be deleted.
  const isOurs = before && (await judgeRecord(before, [createPublicKey(signingKey)])).isSigned;
  if (isOurs && !dryRun) await removeSegments(leftBehind, { folder, files });
  const late = isOurs && leftBehind.length > 0 ? before.records : 0;

  const due = await findDue(kind, segments.filter(isLeft), { ...options, folder, writer, files, before });
  const { oldest } = due;
  const left = oldest === undefined ? {} : { oldest };
  const { isFaulty } = due;
  if (!due.cut) return { removed: late, isFaulty, ...left };
  const { segment, records, through, head } = due.cut;
  if (!dryRun) {
    const whole = {
      v: 1,
      kind: 'cut',
      ...{ writer, at: new Date(now).toISOString(), segment, head, through, records },
      total: (before?.total ?? 0) + records,
    } as const;
    const { record } = sealRecord(whole, { seq: (before?.seq ?? 0) + 1, previous }, signingKey);
    await writeCut(record, { folder, files, draft: newId() });
    await removeSegments(
      segments.filter((each) => isLeft(each) && each <= segment),
      { folder, files },
    );
  }
  return { removed: late + records, isFaulty, ...left };
}

type Due = Pick<ChainCut, 'segment' | 'records' | 'through' | 'head'>;

interface Found {
  readonly cut?: Due;
  /** When the first of the segment that stays was written. */
  readonly oldest?: string;
  readonly isFaulty: boolean;
}

/**
 * How far the chain may be cut. It reads no further than the first record that stays. Each link is checked on the way, though no
 * signature, whose key may have been another: each record up to the cut is named by one that stays.
 */
async function findDue<R extends ChainRecord>(
  kind: ChainKind<R>,
  segments: readonly number[],
  {
    folder,
    writer,
    files,
    before,
    keptUntil,
    now,
  }: Pick<ShortenOptions<R>, 'folder' | 'keptUntil' | 'now'> & {
    readonly writer: string;
    readonly files: LogFiles;
    readonly before: ChainCut | undefined;
  },
): Promise<Found> {
  const check = createChainCheck(kind, writer, { head: undefined, isWhole: true, cut: before });
  /** Segments that are due whole; they go only where one with a record follows. */
  let due: Omit<Due, 'head'> | undefined;
  let cut: Due | undefined;
  let oldest: string | undefined;
  const found = (isFaulty: boolean): Found => ({
    ...(cut && { cut }),
    ...(oldest !== undefined && { oldest }),
    isFaulty,
  });
  for (const segment of segments) {
    let records = 0;
    let through = due?.through ?? '';
    for await (const line of readChainSegment(kind, { folder, segment, files })) {
      const { record } = line;
      check.take(record ? { ...line, hash: recordHash(record), isSigned: true } : { ...line, isSigned: false });
      if (!record || check.end().faults.length > 0) return found(true);
      if (records === 0) {
        if (due && due.records > 0) cut = { ...due, head: record.previous };
        oldest = kind.timeOf(record);
      }
      records += 1;
      through = kind.timeOf(record);
      if (keptUntil(record) > now) return found(false);
    }
    due = { segment, records: (due?.records ?? 0) + records, through };
  }
  return found(false);
}

async function removeSegments(
  segments: readonly number[],
  { folder, files }: { readonly folder: string; readonly files: LogFiles },
): Promise<void> {
  for (const segment of segments) {
    await files.remove(segmentPath(folder, segment)).catch((error: unknown) => {
      if (!isFileError(error, 'ENOENT')) throw error;
    });
  }
  if (segments.length > 0) await files.syncFolder(folder);
}
