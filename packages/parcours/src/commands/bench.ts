import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { type MachineFigures, measureMachine } from '../bench/measure.ts';
import { diskBytes } from '../bench/sizing.ts';
import { fail } from '../fail.ts';
import { wholeNumber } from '../reader_client.ts';

interface Flags {
  on: string;
  seconds: string;
  connections: string;
  eventsPerDay: string;
  keepDays: string;
  logDays: string;
  json?: boolean;
}

export const benchCommand = (): Command =>
  new Command('bench')
    .description('Measure this machine: events a second, time to the answer, and the disk that a shop will need.')
    .option('--on <folder>', 'folder on the disk to measure; what is made there is removed at the end', '.')
    .option('--seconds <number>', 'seconds of load, after two to warm up', '5')
    .option('--connections <number>', 'connections that send', '50')
    .option('--events-per-day <number>', 'of the shop, for the disk it needs', '1000000')
    .option('--log-days <number>', 'days that the log is kept', '7')
    .option('--keep-days <number>', 'days that events are kept', '760')
    .option('--json', 'print { eventsPerSecond, ack, loadedPerSecond, events, bytesPerEvent, disk } as JSON')
    .addHelpText(
      'after',
      `
The load is made on the same machine: a shop's browsers would leave it more.

Examples:
  parcours bench --on /var/lib/parcours
  parcours bench --events-per-day 250000 --keep-days 395 --json

Exit codes: 0 measured, 1 not possible.`,
    )
    .action(bench);

async function bench({ json = false, ...flags }: Flags): Promise<void> {
  const beside = resolve(flags.on);
  await access(beside).catch(() => fail(`--on: there is no folder ${beside}`, { json, code: 'bad_flag' }));
  const seconds = wholeNumber('--seconds', flags.seconds, json);
  const connections = wholeNumber('--connections', flags.connections, json);
  const eventsPerDay = wholeNumber('--events-per-day', flags.eventsPerDay, json);
  const logDays = wholeNumber('--log-days', flags.logDays, json);
  const keepDays = wholeNumber('--keep-days', flags.keepDays, json);
  const onStep = (what: string): void => void (json || process.stderr.write(`${what} …\n`));
  const figures = await measureMachine({ beside, seconds, connections, onStep }).catch((error: Error) =>
    fail(error.message, { json }),
  );
  const disk = {
    eventsPerDay,
    logDays,
    keepDays,
    bytes: diskBytes(figures.bytesPerEvent, { eventsPerDay, logDays, keepDays }),
  };
  process.stdout.write(json ? `${JSON.stringify({ ...figures, disk })}\n` : told(figures, disk));
}

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const megabytes = (bytesPerEvent: number): string => `${whole(bytesPerEvent)} MB`;

function told(
  { eventsPerSecond, ack, loadedPerSecond, bytesPerEvent, events }: MachineFigures,
  disk: { eventsPerDay: number; logDays: number; keepDays: number; bytes: number },
): string {
  return `
Received   ${whole(eventsPerSecond)} events a second, on disk before the answer
Answered   after ${ack.p50Ms.toFixed(1)} ms (median), ${ack.p99Ms.toFixed(1)} ms (p99)${ack.refused > 0 ? `; ${whole(ack.refused)} batches refused` : ''}
Loaded     ${whole(loadedPerSecond)} events a second into the database
A million events take (measured over ${whole(events)}):
  log        ${megabytes(bytesPerEvent.log)}
  database   ${megabytes(bytesPerEvent.database)}
  sealed     ${megabytes(bytesPerEvent.sealed)}
${whole(disk.eventsPerDay)} events a day, log for ${disk.logDays} days, data for ${disk.keepDays}: ${whole(disk.bytes / 1e9)} GB, head-room included
`.trimStart();
}
