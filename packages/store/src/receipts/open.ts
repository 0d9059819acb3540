import type { KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { type ChainEnd, readChainEnd } from '../chain/end.ts';
import { openLog } from '../log/append.ts';
import { diskFiles } from '../log/disk.ts';
import type { LogFiles } from '../log/files.ts';
import { LogError } from '../log/log.ts';
import { createChain, recentId } from './chain.ts';
import { signingKeyOf } from './keys.ts';
import { RECEIPT } from './read.ts';
import type { Receipts } from './receipts.ts';

export interface OpenReceiptsOptions {
  /** The writer's own folder, such as `data/receipts/collector-0`: one writer at a time. Made if absent, with its parents. */
  readonly folder: string;
  /** Ed25519 seed, 32 bytes, or the key itself. */
  readonly signingKey: Uint8Array | KeyObject;
  /** Bytes that a segment is kept within. Default 16 MiB: the last one is read at each start. */
  readonly maxSegmentBytes?: number;
  /** Ms after which the next receipt opens a new segment. Default 1 day. */
  readonly maxSegmentMs?: number;
  /** Receipts that may wait for the disk; beyond it `append` rejects with code `overloaded`. Default 20,000. */
  readonly maxWaiting?: number;
  /** Default: the disk. */
  readonly files?: LogFiles;
  /** Ms since the epoch: numbers the segments. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * Opens a writer's receipts for appending. The chain goes on from the last whole record; a torn tail is no part of it. Of
 * the choices that the last segment holds the last 20,000 at least are known again if they are told again.
 *
 * @throws LogError `unavailable` where the folder cannot be made, read or synced
 */
export async function openReceipts(options: OpenReceiptsOptions): Promise<Receipts> {
  const { files = diskFiles, maxSegmentBytes = 16 * 1024 * 1024, maxSegmentMs = 86_400_000 } = options;
  const { signingKey, maxWaiting, now } = options;
  const folder = resolve(options.folder);
  const log = await openLog({
    folder,
    files,
    maxSegmentBytes,
    maxSegmentMs,
    ...(now && { now }),
    // Nobody reads them away: what bounds them is the disk, and before that the log of events.
    maxBacklogBytes: Number.POSITIVE_INFINITY,
    maxDiskUse: Number.POSITIVE_INFINITY,
    maxPendingBytes: Number.POSITIVE_INFINITY,
  });
  const end = await readEnd(files, folder);
  return createChain({
    signingKey: signingKey instanceof Uint8Array ? signingKeyOf(signingKey) : signingKey,
    ...end,
    ...(maxWaiting !== undefined && { maxWaiting }),
    async write(group) {
      // Appended in one turn, so that the log writes and syncs them as one group: all of them or none is promised.
      const ended = await Promise.allSettled(group.map(({ json }) => log.append(json)));
      for (const each of ended) if (each.status === 'rejected') throw each.reason;
    },
    close: () => log.close(),
  });
}

/** Where the chain ends, and what the last segment holds. */
async function readEnd(files: LogFiles, folder: string): Promise<ChainEnd & { readonly recent: readonly string[] }> {
  const recent: string[] = [];
  try {
    const end = await readChainEnd(RECEIPT, { folder, files }, (receipt) => recent.push(recentId(receipt)));
    return { ...end, recent };
  } catch (cause) {
    throw new LogError('unavailable', `the receipts in ${folder} cannot be read`, { cause });
  }
}
