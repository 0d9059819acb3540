import { defineCheck, type Fault } from '../check.ts';
import { segmentSizes } from '../log_sizes.ts';
import { formatBytes, formatShare } from '../numbers.ts';

const DAY_MS = 86_400_000;
/** Growth measured over less says nothing about a day. */
const LEAST_SPAN_MS = 3_600_000;
const GIB = 1024 ** 3;

/** Room for what comes. The collector itself refuses at 80 % of the disk while the reader lags: better told before. */
export const disk = defineCheck({
  name: 'disk',
  about: 'Free bytes and inodes of the data disk, and the days they last at the pace of the log.',
  faults: {
    full: {
      verdict: 'red',
      means:
        'Less than 5 % or 1 GiB is free: soon nothing can be stored, the collector answers 503 and browsers keep their events.',
      fix: 'make room on {mount}, give it a larger disk, or move the data folder there and name it with "data"',
    },
    low: {
      verdict: 'warning',
      means: 'Less than 20 % is free: from here on the collector answers 503 whenever the reader lags.',
      fix: 'make room on {mount}, or keep less of the log: "logDays" (now {logDays})',
    },
    days_left: {
      verdict: 'warning',
      means: 'At the pace of the log the disk is full within two weeks if nothing is removed.',
      fix: 'give {mount} a larger disk, or keep less of the log: "logDays" (now {logDays})',
    },
    inodes: {
      verdict: 'red',
      means: 'Less than 5 % of the inodes are free: files cannot be made though there are bytes.',
      fix: 'find the folder with many small files (du --inodes -d 2 {mount}) and remove them',
    },
  },
  async run({ folder, config, probes }, tell) {
    const [space, system, segments] = await Promise.all([
      probes.space(folder.root),
      probes.fileSystem(folder.root),
      segmentSizes(folder.logs),
    ]);
    const values = { mount: system?.mount ?? folder.root, logDays: config.logDays };
    const free = `${formatBytes(space.freeBytes)} free (${formatShare(space.freeShare)})`;
    const faults: Fault[] = [];
    if (space.freeShare < 0.05 || space.freeBytes < GIB) faults.push(tell('full', free, { values }));
    else if (space.freeShare < 0.2) faults.push(tell('low', free, { values }));
    if (space.freeInodeShare !== undefined && space.freeInodeShare < 0.05) {
      faults.push(tell('inodes', `${formatShare(space.freeInodeShare)} of the inodes free`, { values }));
    }
    const spanMs = probes.now() - (segments[0]?.segment ?? probes.now());
    let pace = '';
    if (spanMs >= LEAST_SPAN_MS) {
      const bytesPerDay = segments.reduce((sum, { bytes }) => sum + bytes, 0) / (spanMs / DAY_MS);
      const days = space.freeBytes / bytesPerDay;
      pace = `; the log grows by ${formatBytes(bytesPerDay)} a day`;
      if (days < 14) faults.push(tell('days_left', `${free}${pace}: room for ${Math.floor(days)} days`, { values }));
      else if (days < 10_000) pace += `: room for ${Math.floor(days)} days if nothing is removed`;
    }
    return { found: `${free}${pace}`, faults };
  },
});
