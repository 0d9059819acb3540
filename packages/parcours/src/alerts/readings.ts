import type { ChildRole } from '../processes/messages.ts';
import type { CollectorFigures, PartStatus, ProgramStatus, ReaderFigures } from '../processes/status.ts';
import type { AlertOptions } from './options.ts';
import type { Window } from './window.ts';

/** One thing that may be wrong, as it is now: above its limit is bad. */
export interface Reading {
  /** Such as `backlog`; the same at every look. */
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  /** At or below it is good again. Default 0.9 of the limit: one that trembles about its limit is told once. */
  readonly recovery?: number;
  /** What is wrong where it is, and what to do, for a person. */
  readonly text: string;
}

/** Everything that can be told from a status now; what nobody knows is left out, and an alert on it stays as it was. */
export function readingsOf(
  status: Omit<ProgramStatus, 'alerts'>,
  options: AlertOptions,
  { now, window }: { readonly now: number; readonly window: Window },
): readonly Reading[] {
  const collector = status.parts.find(({ role }) => role === 'collector');
  const reader = status.parts.find(({ role }) => role === 'reader');
  const received = collector?.figures as CollectorFigures | undefined;
  const loaded = reader?.figures as ReaderFigures | undefined;
  const readings: (Reading | undefined)[] = [
    reading('collector_silent', silenceOf(collector, status, now), options.silentSeconds, (seconds) =>
      silent('collector', seconds, 'No event is received. Browsers keep theirs and send them later.'),
    ),
    reading('reader_silent', silenceOf(reader, status, now), options.silentSeconds, (seconds) =>
      silent('reader', seconds, 'Events are received and kept, and appear in no table until it is back.'),
    ),
    reading(
      'log_unwritable',
      received && Number(!received.isWritable),
      0.5,
      () => 'The log cannot be written: every event is refused with 503. Look at the disk of the data folder.',
    ),
    reading(
      'backlog',
      received?.backlogBytes,
      options.backlogBytes,
      (bytes, limit) =>
        `${megabytes(bytes)} of the log are not loaded (limit ${megabytes(limit)}). Look at the reader's log lines.`,
    ),
    reading(
      'lag',
      lagOf(loaded, reader, status, now),
      options.lagSeconds,
      (seconds, limit) =>
        `The tables are ${Math.round(seconds)} s behind the log (limit ${limit} s). Look at the reader's log lines.`,
    ),
    failedShare(window, options),
    diskUse(status.disk, options),
    ...(['collector', 'reader'] as const).map((role) =>
      reading(
        `${role}_restarting`,
        window.restarts(role),
        options.restarts,
        (times) =>
          `The ${role} was started again ${times} times within ${options.windowSeconds} s. Look at its log lines.`,
      ),
    ),
  ];
  return readings.filter((each): each is Reading => each !== undefined);
}

function reading(
  name: string,
  value: number | undefined,
  limit: number,
  text: (value: number, limit: number) => string,
): Reading | undefined {
  if (value === undefined || limit === 0) return undefined;
  return { name, value, limit, text: text(value, limit) };
}

/** Above is bad here too: the share in use. Good again once a tenth more than must be is free. */
function diskUse(disk: ProgramStatus['disk'], { diskFreeShare }: AlertOptions): Reading | undefined {
  if (!disk || diskFreeShare === 0) return undefined;
  const free = disk.freeBytes / disk.sizeBytes;
  const text = `Only ${percent(free)} of the data folder's disk is free (limit ${percent(diskFreeShare)}).`;
  return { name: 'disk_free', value: 1 - free, limit: 1 - diskFreeShare, recovery: 1 - 1.1 * diskFreeShare, text };
}

/** Few events tell nothing, unless none of them failed. */
function failedShare(window: Window, options: AlertOptions): Reading | undefined {
  const { received, failed } = window.items();
  if (received < options.failedMinimum && failed > 0) return undefined;
  const text = (share: number, limit: number): string =>
    `${percent(share)} of the events of the last ${options.windowSeconds} s failed (limit ${percent(limit)}). ` +
    'Their table is "failed", with the reason of each.';
  return reading('failed_share', failed === 0 ? 0 : failed / received, options.failedShare, text);
}

/** Seconds since a part last told how it is; one that never told is silent since the program began. */
const silenceOf = (part: PartStatus | undefined, { startedAt }: { readonly startedAt: number }, now: number): number =>
  Math.max(0, now - (part?.figuresAt ?? startedAt)) / 1000;

/** A reader that tells nothing falls behind as the time goes. */
function lagOf(
  figures: ReaderFigures | undefined,
  part: PartStatus | undefined,
  status: { readonly startedAt: number },
  now: number,
): number {
  return (figures?.lagMs ?? 0) / 1000 + silenceOf(part, status, now);
}

const silent = (role: ChildRole, seconds: number, meaning: string): string =>
  `The ${role} has told nothing for ${Math.round(seconds)} s: it is dead, hangs, dies again and again, or is long at its start. ${meaning}`;

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;
