import { resolve } from 'node:path';
import type { LiveLine } from '@parcours/journeys';
import { Command } from 'commander';
import { dataFolder } from '../data_folder.ts';
import { fail } from '../fail.ts';
import { RefusedError } from '../refused_error.ts';
import { readRunFile } from '../run_file.ts';
import { readSecrets } from '../secrets.ts';
import type { Lines } from '../tail/follow.ts';

interface Flags {
  data: string;
  site?: string;
  type?: string;
  decision?: string;
  lines: string;
  json?: boolean;
}

const DECISIONS = ['accepted', 'failed', 'filtered'] as const satisfies readonly LiveLine['decision'][];

/** What the reader shows of the recent past. */
const MOST_RECENT = 50;

export const tailCommand = (): Command =>
  new Command('tail')
    .description('Follow the events as they arrive, each with the decision taken and its reason.')
    .option('--site <id>', 'of one site only')
    .option('--type <event>', 'of one type only, such as purchase')
    .option('--decision <decision>', 'accepted, failed or filtered only')
    .option('-n, --lines <number>', `lines of the recent past to begin with, at most ${MOST_RECENT}`, '10')
    .option('--data <folder>', 'data folder of the running program', process.env.DATA || './data')
    .option('--json', 'one { received_at, site, type, decision, detail, count } a line')
    .addHelpText(
      'after',
      `
Times are UTC. Colours only on a terminal, and not where NO_COLOR is set. Goes on when the program is started anew.

Examples:
  parcours tail
  parcours tail --decision failed --json | jq .detail

Exit codes: 0 stopped by a signal or by who reads, 1 nothing runs there, or it refuses.`,
    )
    .action(tail);

async function tail({ data, json = false, lines, ...wanted }: Flags): Promise<void> {
  const recent = Number(lines);
  if (!/^\d+$/.test(lines) || recent > MOST_RECENT) {
    fail(`--lines must be a whole number from 0 to ${MOST_RECENT} (it is "${lines}")`, { json, code: 'bad_flag' });
  }
  // Loaded only here: no other command follows a stream.
  const [{ followLines }, { formatLine }] = await Promise.all([import('../tail/follow.ts'), import('../tail/line.ts')]);
  if (wanted.decision !== undefined && !(DECISIONS as readonly string[]).includes(wanted.decision)) {
    fail(`--decision must be ${DECISIONS.join(', ')} (it is "${wanted.decision}")`, { json, code: 'bad_flag' });
  }
  const folder = dataFolder(resolve(data));
  if (!(await readRunFile(folder.run))) {
    fail(`nothing runs on ${folder.root}; start it with: parcours serve --data ${data}`, { json, code: 'not_running' });
  }
  const query = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value !== undefined));
  const connect = async (signal: AbortSignal): Promise<Response | undefined> => {
    const run = await readRunFile(folder.run);
    if (!run) return undefined;
    const { admin } = await readSecrets(folder.secrets);
    const headers = { authorization: `Bearer ${admin}` };
    const response = await fetch(`${run.console}/live/events?${query}`, { headers, signal });
    if (response.status !== 401 && response.status !== 403) return response.ok ? response : undefined;
    const { error } = (await response.json()) as { error: { code: string; message: string } };
    throw new RefusedError(error.code, error.message);
  };

  const stopped = new AbortController();
  const stop = (): void => stopped.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  // Whoever read has seen enough: `parcours tail | head`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  const isColoured = process.stdout.isTTY === true && !process.env.NO_COLOR;
  const say = (text: string): void => void (json || process.stderr.write(`parcours: ${text}\n`));
  const onLines = ({ lines: all, skipped }: Lines, isFirst: boolean): void => {
    const shown = isFirst && recent < all.length ? all.slice(all.length - recent) : all;
    if (skipped > 0 && !isFirst) say(`${skipped} more came at once and are not shown`);
    process.stdout.write(
      shown.map((line) => (json ? `${JSON.stringify(line)}\n` : formatLine(line, isColoured))).join(''),
    );
  };
  try {
    const onLost = (): void => say('the reader does not answer; trying again');
    await followLines({ connect, onLines, onLost, signal: stopped.signal });
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    fail(error.message, { json, code: error.code });
  }
}
