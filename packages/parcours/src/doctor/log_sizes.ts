import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** One segment of a log. */
export interface SegmentSize {
  readonly log: string;
  /** Its number: the time it was made, ms since the epoch. */
  readonly segment: number;
  readonly path: string;
  readonly bytes: number;
}

/** Every segment of every log, oldest first; none where there is no log yet. */
export async function segmentSizes(logs: string): Promise<readonly SegmentSize[]> {
  const found: SegmentSize[] = [];
  for (const log of await namesIn(logs)) {
    for (const name of await namesIn(join(logs, log))) {
      const number = /^(\d{15})\.log$/.exec(name)?.[1];
      if (number === undefined) continue;
      const path = join(logs, log, name);
      // Retention may take it meanwhile.
      const bytes = await stat(path).then(
        ({ size }) => size,
        () => 0,
      );
      found.push({ log, segment: Number(number), path, bytes });
    }
  }
  return found.sort((a, b) => a.segment - b.segment);
}

const namesIn = (folder: string): Promise<readonly string[]> => readdir(folder).catch(() => []);
