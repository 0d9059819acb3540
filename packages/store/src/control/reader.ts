import { join, resolve } from 'node:path';
import type { SegmentPosition } from '../log/confirm.ts';
import { diskFiles } from '../log/disk.ts';
import { isFileError, type LogFiles } from '../log/files.ts';
import { readLog } from '../log/read.ts';
import { type ControlFold, createControlFold } from './fold.ts';
import type { ControlState } from './kinds/index.ts';
import { parseControl } from './parse.ts';

/** A line that holds no control record: it is passed over. */
export interface BadControlLine {
  readonly writer: string;
  readonly segment: number;
  /** Bytes into the segment; of the chunk that it lies in where the line itself is whole. */
  readonly offset: number;
  /** What is wrong with it; never its content. */
  readonly reason: string;
}

export interface ControlCounts {
  /** Records read, those of kinds that are not known here included. */
  readonly records: number;
  readonly unknownKinds: number;
  readonly badLines: number;
}

/** Reads the logs of all writers of one folder, each from where it stopped. */
export interface ControlReader extends Pick<ControlFold, 'state' | 'forget'> {
  /** Reads what is new; the kinds of what changed the state. Rejects where the folder cannot be read: what was read counts. */
  readNew(): Promise<ReadonlySet<string>>;
  /** The latest time that any record tells; empty where there is none. */
  latest(): string;
  counts(): ControlCounts;
}

/** A writer's folder: anything else in the folder is not ours. */
const WRITER = /^[a-z0-9][a-z0-9-]*$/;

export function createControlReader({
  folder,
  files,
  onBad = () => undefined,
  now,
}: {
  readonly folder: string;
  readonly files: LogFiles;
  readonly onBad?: ((line: BadControlLine) => void) | undefined;
  /** For one that lives long: what has ended is not held. Default: everything is. */
  readonly now?: () => number;
}): ControlReader {
  const root = resolve(folder);
  const fold = createControlFold(now);
  const positions = new Map<string, SegmentPosition>();
  const counts = { records: 0, unknownKinds: 0, badLines: 0 };
  let latest = '';

  const bad = (line: BadControlLine): void => {
    counts.badLines += 1;
    onBad(line);
  };

  async function readWriter(writer: string, changed: Set<string>): Promise<void> {
    const from = positions.get(writer);
    for await (const chunk of readLog({ folder: join(root, writer), files, ...(from && { from }) })) {
      const { segment } = chunk;
      for (const { offset, reason } of chunk.bad) bad({ writer, segment, offset, reason });
      for (const json of chunk.records) {
        const record = parseControl(json);
        if (typeof record === 'string') {
          bad({ writer, segment, offset: chunk.startOffset, reason: record });
          continue;
        }
        counts.records += 1;
        if (record.at > latest) latest = record.at;
        if (fold.take(record)) changed.add(record.kind);
        else counts.unknownKinds += 1;
      }
      positions.set(writer, { segment, offset: chunk.endOffset });
    }
  }

  return {
    state: fold.state,
    forget: fold.forget,
    async readNew() {
      const changed = new Set<string>();
      for (const writer of (await files.list(root)).filter((name) => WRITER.test(name))) {
        try {
          await readWriter(writer, changed);
        } catch (error) {
          // A file of that name is no writer's folder.
          if (!isFileError(error, 'ENOTDIR')) throw error;
        }
      }
      return changed;
    },
    latest: () => latest,
    counts: () => ({ ...counts }),
  };
}

/** What is recorded in a folder now; nothing where there is none. Bad lines are passed over. */
export async function readControl(folder: string): Promise<ControlState> {
  const reader = createControlReader({ folder, files: diskFiles });
  await reader.readNew();
  return reader.state;
}
