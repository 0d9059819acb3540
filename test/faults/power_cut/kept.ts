import { createPublicKey } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ControlState, openControlFeed } from '@parcours/store/control';
import { type LogFiles, type LogRecord, readLog } from '@parcours/store/log';
import { readReceiptLines, signingKeyOf, verifyReceipts } from '@parcours/store/receipts';
import { CONTROL, LOG, RECEIPTS, SIGNING_SEED, WRITER } from './life.ts';

/** What a disk holds. */
export interface Kept {
  readonly events: ReadonlySet<string>;
  readonly receipts: ReadonlySet<string>;
  readonly control: ControlState;
}

export async function readKept(files: LogFiles): Promise<Kept> {
  const events = new Set<string>();
  for await (const chunk of readLog({ folder: LOG, files })) {
    if (chunk.bad.length > 0) throw new Error(`bad lines in the log: ${JSON.stringify(chunk.bad)}`);
    for (const bytes of chunk.records) {
      const record = JSON.parse(Buffer.from(bytes).toString()) as LogRecord;
      for (const { event_id } of record.events) events.add(event_id);
    }
  }
  const receipts = new Set<string>();
  for await (const { receipt } of readReceiptLines(join(RECEIPTS, WRITER), { files })) {
    if (receipt) receipts.add(receipt.receipt_id);
  }
  const feed = await openControlFeed({ folder: CONTROL, files, watch: () => () => undefined });
  await feed.stop();
  return { events, receipts, control: feed.state };
}

/** What is wrong with the chain of receipts: nothing, if all is well. */
export async function chainFaults(files: LogFiles): Promise<readonly unknown[]> {
  const key = createPublicKey(signingKeyOf(SIGNING_SEED));
  return (await verifyReceipts(RECEIPTS, [key], { files, writers: [WRITER] })).faults;
}

/**
 * Copies the log to a folder of this machine's own disk, as it is, torn tails included; its segments get numbers of their own,
 * so that the logs of many disks are one. Returns the number after the last.
 */
export async function copyLog(files: LogFiles, folder: string, firstNumber: number): Promise<number> {
  let number = firstNumber;
  for (const name of [...(await files.list(LOG))].filter((each) => each.endsWith('.log')).sort()) {
    const file = await files.open(join(LOG, name));
    await writeFile(join(folder, `${String(number++).padStart(15, '0')}.log`), await file.read(0, await file.size()));
  }
  return number;
}
