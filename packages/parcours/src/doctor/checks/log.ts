import { join } from 'node:path';
import { readLog } from '@parcours/store/log';
import { defineCheck } from '../check.ts';
import { segmentSizes } from '../log_sizes.ts';
import { count, formatBytes } from '../numbers.ts';

/** Bytes read, of the newest segments: a second's work. */
const MAX_BYTES = 128 * 1024 * 1024;

/** The checksums of the log: what they refuse was changed after it was written. */
export const log = defineCheck({
  name: 'log',
  about: 'The checksums of the records in the newest 128 MB of the log.',
  faults: {
    bad_lines: {
      verdict: 'red',
      means:
        'Records were changed or lost after they had been written: the disk fails, or something else writes there. Their neighbours are read all the same.',
      fix: 'check the disk (smartctl -a, dmesg), copy the data away (parcours backup <file> --data {data}), and move to a disk that is sound: parcours restore <file> --data <folder>',
    },
    unreadable: {
      verdict: 'red',
      means: 'The log cannot be read: neither can the reader.',
      fix: 'let the user that runs parcours read and write all of {data} (chown -R), and check the disk (dmesg)',
    },
  },
  async run({ folder }, tell) {
    const newest = new Map<string, number>();
    let bytes = 0;
    for (const segment of (await segmentSizes(folder.logs)).toReversed()) {
      if (bytes + segment.bytes > MAX_BYTES) break;
      bytes += segment.bytes;
      newest.set(segment.log, segment.segment);
    }
    if (newest.size === 0) return { notChecked: 'there is no log yet' };
    let records = 0;
    const bad: string[] = [];
    try {
      for (const [name, segment] of newest) {
        for await (const chunk of readLog({ folder: join(folder.logs, name), from: { segment, offset: 0 } })) {
          records += chunk.records.length;
          bad.push(...chunk.bad.map(({ offset, reason }) => `${name}/${chunk.segment} at byte ${offset} (${reason})`));
        }
      }
    } catch (error) {
      const found = `the log cannot be read: ${(error as Error).message}`;
      return { found, faults: [tell('unreadable', found, { values: { data: folder.root } })] };
    }
    const found = `${count(records, 'record')} in ${formatBytes(bytes)} as they were written`;
    if (bad.length === 0) return { found, faults: [] };
    const told = `${count(bad.length, 'bad line')}: ${bad.slice(0, 3).join(', ')}`;
    return { found, faults: [tell('bad_lines', told, { values: { data: folder.root } })] };
  },
});
