import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { diskFiles } from '../log/disk.ts';
import type { LogFiles } from '../log/files.ts';
import { ensureFolder } from '../log/folder.ts';
import { publishSegment } from '../log/publish.ts';
import { listSegments } from '../log/segment.ts';
import type { ControlState, KnownRecord } from './kinds/index.ts';
import { controlFault } from './parse.ts';
import { createControlReader } from './reader.ts';

/** A record as whoever decides states it. */
export type NewRecord = KnownRecord extends infer R
  ? R extends KnownRecord
    ? Omit<R, 'v' | 'id' | 'at'>
    : never
  : never;

export interface AppendControlOptions {
  /** The folder of all writers, such as `data/control`. Made if absent. */
  readonly folder: string;
  /** The writer's own folder in it, such as `cli`. */
  readonly writer: string;
  /**
   * What to record, in view of all that is recorded; it refuses by throwing. Asked again with the newer state where another
   * got in between, so that of two commands for one name the second is refused.
   */
  readonly decide: (state: ControlState) => readonly NewRecord[];
  /** Default: the disk. */
  readonly files?: LogFiles;
  /** Ms since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  /** A UUID at each call. */
  readonly newId?: () => string;
}

/**
 * Records decisions and resolves once they are on disk, all of them or none.
 *
 * There is no lock, which a crash could leave behind. The records become a segment of their own, written and synced under
 * another name, then linked to the number after the last: of several that try at a time one gets the number, and the others
 * look again and decide anew. No reader ever meets half of one.
 *
 * @returns the records as they lie
 */
export async function appendControl(options: AppendControlOptions): Promise<readonly KnownRecord[]> {
  const { writer, decide, files = diskFiles, now = Date.now, newId = randomUUID } = options;
  const root = resolve(options.folder);
  const folder = join(root, writer);
  await ensureFolder(files, folder);
  const reader = createControlReader({ folder: root, files });
  for (;;) {
    // Listed before it is read: whoever takes the number after the last one seen has seen all before it.
    const last = (await listSegments(files, folder)).at(-1) ?? 0;
    await reader.readNew();
    const at = timeAfter(reader.latest(), now());
    const records = decide(reader.state).map((record) => stamped(record, newId(), at));
    if (
      records.length === 0 ||
      (await publishSegment(files, {
        folder,
        number: last + 1,
        texts: records.map((each) => JSON.stringify(each)),
        name: newId(),
      }))
    ) {
      return records;
    }
  }
}

/** Now, or just after the latest record where the clock was set back: what was decided on what was seen comes after it. */
const timeAfter = (latest: string, now: number): string =>
  new Date(latest === '' ? now : Math.max(now, Date.parse(latest) + 1)).toISOString();

function stamped(record: NewRecord, id: string, at: string): KnownRecord {
  const whole = { v: 1, id, at, ...record } as KnownRecord;
  const fault = controlFault(whole);
  if (fault !== undefined) throw new TypeError(`[control] ${fault}`);
  return whole;
}
