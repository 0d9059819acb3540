import { defineCheck, type Fault } from '../check.ts';
import type { Context } from '../context.ts';
import { count, formatMs } from '../numbers.ts';

const HOUR_MS = 3_600_000;
/** Restarts within the hour after which it is no mishap any more. */
const MANY = 5;

/** The program and its two parts, by what they answer. A process id tells nothing: it may be another's by now. */
export const running = defineCheck({
  name: 'running',
  about: 'Whether the program runs, both its parts are ready, and none was started again within the hour.',
  faults: {
    stopped: {
      verdict: 'warning',
      means:
        'Nothing runs on the folder, and what ran last was stopped in order. Browsers keep their events, up to 7 days.',
      fix: 'parcours serve --data {data}',
    },
    crashed: {
      verdict: 'red',
      means: 'The program ended without being stopped. Browsers keep their events, up to 7 days.',
      fix: 'start it again: parcours serve --data {data} (with systemd: systemctl restart parcours); why it ended is in its last lines: journalctl -u parcours -n 50',
    },
    collector_down: {
      verdict: 'red',
      means: 'No event is received. Browsers keep theirs, up to 7 days.',
      fix: 'read why in the lines of the program (journalctl -u parcours -n 50); a part that cannot start says so there',
    },
    collector_not_ready: {
      verdict: 'red',
      means:
        'The collector runs, but cannot make anything durable, or holds more than it may until the reader catches up: it answers 503.',
      fix: 'see the lines disk, file-system, fsync and backlog; it recovers by itself when they do',
    },
    reader_down: {
      verdict: 'red',
      means: 'Events are received and kept, but no table, page or query is there until the reader is.',
      fix: 'read why in the lines of the program (journalctl -u parcours -n 50); where the database is at fault: stop it, parcours rebuild --data {data}, start it',
    },
    restarting: {
      verdict: 'red',
      means: 'A part dies and is started again, over and over.',
      fix: 'read the lines before each "starting it again" (journalctl -u parcours); "killed by SIGKILL" is mostly a lack of memory: dmesg | grep -i oom',
    },
    restarted: {
      verdict: 'warning',
      means: 'A part died and was started again. Nothing acknowledged is lost.',
      fix: 'read the lines before "starting it again" (journalctl -u parcours) if you did not kill it yourself',
    },
  },
  async run(context, tell) {
    const { folder, run, probes } = context;
    const values = { data: folder.root };
    if (!run) {
      const found = `nothing runs on ${folder.root}`;
      return { found, faults: [tell('stopped', found, { values })] };
    }
    const [collector, reader] = await Promise.all([
      statusOf(context, `${run.collector}/readyz`),
      readerStatus(context, `${run.console}/healthz`, run.instance),
    ]);
    if (collector === undefined && reader === undefined) {
      const found = `process ${run.pid} is said to run on ${folder.root}, and nothing answers at ${run.collector}`;
      return { found, faults: [tell('crashed', found, { values })] };
    }
    const faults: Fault[] = [];
    if (collector === undefined) faults.push(tell('collector_down', `${run.collector} does not answer`, { values }));
    else if (collector !== 200)
      faults.push(tell('collector_not_ready', `${run.collector}/readyz answers ${collector}`));
    if (reader === undefined)
      faults.push(tell('reader_down', `the reader at ${run.console} does not answer`, { values }));
    const recent = (run.restarts ?? []).filter(({ at }) => probes.now() - Date.parse(at) < HOUR_MS);
    const last = recent.at(-1);
    if (last) {
      const ago = formatMs(probes.now() - Date.parse(last.at));
      const text = `${count(recent.length, 'restart')} within the hour, the last ${ago} ago: the ${last.role} ${last.cause}`;
      faults.push(tell(recent.length >= MANY ? 'restarting' : 'restarted', text));
    }
    return { found: `collector ready at ${run.collector}, reader at ${run.console}`, faults };
  },
});

async function statusOf({ probes }: Context, url: string): Promise<number | undefined> {
  return probes.ask(url).then(
    ({ status }) => status,
    () => undefined,
  );
}

/** A reader of another run on the same port is none of this folder's. */
async function readerStatus({ probes }: Context, url: string, instance: string): Promise<number | undefined> {
  try {
    const { status, body } = await probes.ask(url);
    return (JSON.parse(body) as { instance?: string }).instance === instance ? status : undefined;
  } catch {
    return undefined;
  }
}
