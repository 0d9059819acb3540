import { stat } from 'node:fs/promises';
import { defineCheck, type Fault } from '../check.ts';
import { formatMs, quantile } from '../numbers.ts';

/** What every acknowledgement waits for. All batches that wait share one sync, so its time bounds groups, not events. */
export const fsync = defineCheck({
  name: 'fsync',
  about: 'How long the data disk takes to make a small append durable, measured there (200 times, or for 2 s).',
  faults: {
    unusable: {
      verdict: 'red',
      means:
        'A sync takes over 100 ms in the middle: every answer waits that long, and the loader and the collector wait for one another.',
      fix: 'move the data folder to a local SSD; on a cloud disk raise its IOPS',
    },
    slow: {
      verdict: 'warning',
      means:
        'A sync takes over 20 ms in the middle, or over 250 ms one time in a hundred: events are safe, answers are late.',
      fix: 'move the data folder to an SSD, or see what else writes to the disk (iostat -x 1)',
    },
    lies: {
      verdict: 'warning',
      means:
        'A sync takes less than a disk can: it is kept in memory, and what was acknowledged is lost in a power cut.',
      fix: 'put the data folder on a disk that honours fsync: no tmpfs, no eatmydata, no "cache=unsafe" of a virtual machine',
    },
    impossible: {
      verdict: 'red',
      means: 'Nothing can be made durable in the data folder: every event is answered with 503.',
      fix: 'let the user that runs parcours write to {data} (chown), and see the lines disk and file-system',
    },
  },
  async run({ folder, probes }, tell) {
    if (!(await stat(folder.root).catch(() => undefined)))
      return { notChecked: `there is no folder ${folder.root} yet` };
    let times: readonly number[];
    try {
      times = probes.syncTimes(folder.root);
    } catch (error) {
      const found = `a file cannot be written and synced (${(error as NodeJS.ErrnoException).code})`;
      return { found, faults: [tell('impossible', found, { values: { data: folder.root } })] };
    }
    const p50 = quantile(times, 0.5);
    const p99 = quantile(times, 0.99);
    const found = `p50 ${formatMs(p50)}, p99 ${formatMs(p99)} of ${times.length} syncs: ${pace(p50)} groups of batches a second`;
    const faults: Fault[] = [];
    if (p50 > 100) faults.push(tell('unusable', found));
    else if (p50 > 20 || p99 > 250) faults.push(tell('slow', found));
    else if (p50 < 0.02) faults.push(tell('lies', found));
    return { found, faults };
  },
});

/** Two figures: more would say more than 200 tries know. */
const pace = (ms: number): string => Number((1_000 / ms).toPrecision(2)).toLocaleString('en');
