import { defineCheck, type Fault, type Tell } from '../check.ts';
import type { Context } from '../context.ts';
import { newestReceipt } from '../log_tail.ts';
import { formatMs } from '../numbers.ts';

/** A second of rounding in `Date`, and the way there and back. */
const PUBLIC_MS = 5_000;
/** From here on the collector corrects the times of events by the difference. */
const SKEW_MS = 5_000;
/** Fewer batches are a few people's clocks, not the shop's. */
const LEAST_BATCHES = 20;

type Code = 'backward' | 'public' | 'browsers' | 'unsynchronised';

/** The machine's clock: receipt times, days and visitor ages all hang on it. Asked of three that know better. */
export const clock = defineCheck<Code>({
  name: 'clock',
  about:
    "The system clock, against the log's newest records, the Date of the public address, the clocks of browsers, and NTP.",
  faults: {
    backward: {
      verdict: 'red',
      means: 'The log holds records from the future: the clock went back, and events fall into the wrong days.',
      fix: 'set the clock right: timedatectl set-ntp true (in a virtual machine also on its host); time heals the rest',
    },
    public: {
      verdict: 'warning',
      means: 'The machine and whoever answers at the public address disagree about the time.',
      fix: 'find out which is wrong (date -u on both), then: timedatectl set-ntp true',
    },
    browsers: {
      verdict: 'warning',
      means:
        'Most browsers disagree with this machine in the same way, and most of them are right. Their event times are being corrected by the difference.',
      fix: 'set the clock right: timedatectl set-ntp true',
    },
    unsynchronised: {
      verdict: 'warning',
      means: 'Nothing keeps the clock right: it will drift.',
      fix: 'timedatectl set-ntp true',
    },
  },
  async run(context, tell) {
    const parts = await Promise.all([
      againstLog(context, tell),
      againstPublic(context, tell),
      againstBrowsers(context, tell),
      synchronised(context, tell),
    ]);
    const faults = parts.flatMap(({ fault }) => fault ?? []);
    return {
      found: parts
        .map(({ found }) => found)
        .filter((found) => found !== '')
        .join(', '),
      faults,
    };
  },
});

interface Part {
  readonly found: string;
  readonly fault?: Fault;
}

async function againstLog({ folder, probes }: Context, tell: Tell<Code>): Promise<Part> {
  const newest = await newestReceipt(folder.logs);
  if (newest === undefined) return { found: 'no record to compare with' };
  const aheadMs = newest - probes.now();
  // Records land while this looks at them.
  if (aheadMs <= 1_000) return { found: 'not behind the log' };
  const found = `the newest record of the log is ${formatMs(aheadMs)} ahead of the clock`;
  return { found, fault: tell('backward', found) };
}

async function againstPublic({ url, probes }: Context, tell: Tell<Code>): Promise<Part> {
  if (!url) return { found: '' };
  const before = probes.now();
  const answer = await probes.ask(new URL('/healthz', url)).catch(() => undefined);
  const theirs = Date.parse(answer?.all('date')[0] ?? '');
  if (Number.isNaN(theirs)) return { found: 'no Date at the public address' };
  // `Date` has whole seconds, cut off.
  const ours = (before + probes.now()) / 2;
  const differenceMs = ours - (theirs + 500);
  if (Math.abs(differenceMs) <= PUBLIC_MS) return { found: `as ${url.host}` };
  const found = `${formatMs(Math.abs(differenceMs))} ${differenceMs > 0 ? 'ahead of' : 'behind'} ${url.host}`;
  return { found, fault: tell('public', found) };
}

async function againstBrowsers({ probes }: Context, tell: Tell<Code>): Promise<Part> {
  const rows = await probes.query(BROWSERS).catch(() => []);
  const batches = Number(rows[0]?.batches ?? 0);
  if (batches < LEAST_BATCHES) return { found: '' };
  const medianMs = Number(rows[0]?.median_ms);
  if (Math.abs(medianMs) <= SKEW_MS) return { found: `${formatMs(medianMs)} from the clocks of browsers` };
  const how = medianMs > 0 ? 'ahead of' : 'behind';
  const found = `${formatMs(Math.abs(medianMs))} ${how} the clocks of browsers (median of ${batches} batches)`;
  return { found, fault: tell('browsers', found) };
}

/** Batches of the last day; a batch that waited in a browser's queue is stamped anew as it is sent. */
const BROWSERS = `
SELECT count(*) AS batches, median(epoch_ms(received_at) - epoch_ms(sent_at)) AS median_ms
FROM (SELECT DISTINCT received_at, sent_at FROM events WHERE source = 'web' AND received_at > now() - INTERVAL 1 DAY)`;

async function synchronised({ probes }: Context, tell: Tell<Code>): Promise<Part> {
  const is = await probes.clockSynchronised();
  if (is === undefined) return { found: '' };
  return is
    ? { found: 'NTP synchronised' }
    : { found: 'NTP: no', fault: tell('unsynchronised', 'NTP does not keep the clock') };
}
