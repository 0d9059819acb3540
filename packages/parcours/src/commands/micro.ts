import { Command } from 'commander';
import { ConfigError, loadConfig } from '../config/index.ts';
import { fail } from '../fail.ts';
import { FAILABLE, readFailOn, summaryLine } from '../micro_totals.ts';
import { runCommand } from '../run_command.ts';

interface Flags {
  port: string;
  host: string;
  config?: string;
  site?: string;
  key?: string;
  origin: string[];
  failOn: string;
  maxMb: string;
  json?: boolean;
}

export const microCommand = (): Command =>
  new Command('micro')
    .description('A collector in memory for tests: receives as the real one, and tells what it received under /micro.')
    .argument('[command...]', 'what to run while it listens, after --, with PARCOURS_MICRO_URL in its environment')
    .option('--port <number>', 'listener; 0 takes a free port', '9090')
    .option('--host <address>', 'address of the listener; any but loopback lets others read and reset', '127.0.0.1')
    .option('--config <file>', 'sites and paths of this configuration (default: parcours.config.json, if there is one)')
    .option('--site <id>', 'one site, instead of those of the configuration (default: shop, where there is none)')
    .option('--key <key>', 'public key of that site (default: pk_demo)')
    .option(
      '--origin <origin>',
      'pages that may send, repeatable (default: the site’s own, and any of this machine)',
      add,
      [],
    )
    .option('--fail-on <list>', `exit 1 at the end if any was seen: ${FAILABLE.join(', ')}`, '')
    .option('--max-mb <number>', 'memory for events; beyond it batches get 503 until a reset', '32')
    .option('--json', 'one line of JSON when ready, and one at the end')
    .addHelpText(
      'after',
      `
Examples:
  parcours micro
  parcours micro --port 0 --site shop --key pk_demo --json
  parcours micro --fail-on failed,filtered,refused -- npx playwright test
  curl "http://localhost:9090/micro/wait?type=purchase&timeout=5000"

Exit codes: 0 stopped by a signal, or the command ended with 0; 1 could not start, or --fail-on saw what it names;
otherwise the command's own.`,
    )
    .action(micro);

async function micro(command: readonly string[], flags: Flags): Promise<void> {
  const { json = false, host } = flags;
  const port = numberOf('--port', flags.port, { low: 0, high: 65_535, json });
  const maxBytes = numberOf('--max-mb', flags.maxMb, { low: 1, high: 1_024, json }) * 1024 * 1024;
  const failOn = flags.failOn === '' ? [] : readFailOn(flags.failOn);
  if ('unknown' in failOn) {
    const message = `--fail-on takes ${FAILABLE.join(', ')}, separated by commas (it has "${failOn.unknown}")`;
    fail(message, { json, code: 'bad_flag' });
  }
  // The environment is the tests' own: PORT there is the shop's.
  const config = await loadConfig({ flags: {}, file: flags.config, env: {} }).catch((error: Error) => {
    if (!(error instanceof ConfigError)) throw error;
    return fail(error.message, { json, code: 'configuration' });
  });
  const [{ createMicro, listen, DEMO_SITE }, { readSdkScripts }] = await Promise.all([
    import('@parcours/collector/micro'),
    import('../sdk_scripts.ts'),
  ]);
  const named = flags.site !== undefined || flags.key !== undefined || config.sites.length === 0;
  const sites = named ? [{ id: flags.site ?? DEMO_SITE.id, keys: [flags.key ?? 'pk_demo'] }] : config.sites;
  const started = async () => {
    const collector = createMicro({
      sites,
      origins: flags.origin.length > 0 ? flags.origin : undefined,
      maxBytes,
      loopbackOnly: isLoopback(host),
      scripts: await readSdkScripts(),
      ...(config.scriptPath && { scriptPath: config.scriptPath }),
      ...(config.endpointPath && { endpointPath: config.endpointPath }),
      trustProxy: config.trustProxy,
      addressHeader: config.addressHeader,
      rateLimits: config.rateLimits,
    });
    return { collector, ...(await listen(collector, { host, port })) };
  };
  const { collector, url, close } = await started().catch((error: NodeJS.ErrnoException) =>
    fail(startFault(error, port), { json, code: 'not_started' }),
  );
  // The command has standard output to itself.
  const say = (line: string): void => void (command.length > 0 ? process.stderr : process.stdout).write(`${line}\n`);
  const ready = { collector: url, micro: `${url}/micro`, sites: sites.map(({ id }) => id), pid: process.pid };
  say(json ? JSON.stringify(ready) : `Collector  ${url}\nReceived   ${url}/micro\nReady. Ctrl-C stops.`);
  const code = command.length > 0 ? await runToEnd(command, url, json) : await stopSignal();
  await close();
  const totals = collector.totals();
  const seen = failOn.filter((name) => totals[name] > 0);
  say(json ? JSON.stringify({ ...totals, failed_on: seen }) : summaryLine(totals));
  if (!json && seen.length > 0) {
    process.stderr.write(`parcours: ${seen.map((name) => `${totals[name]} ${name}`).join(', ')} (--fail-on)\n`);
  }
  process.exit(code === 0 && seen.length > 0 ? 1 : code);
}

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Until somebody ends this process. */
const stopSignal = (): Promise<0> =>
  new Promise((resolve) => {
    for (const signal of SIGNALS) process.once(signal, () => resolve(0));
  });

/** Until the command has ended, which is told what would end this process. */
function runToEnd(command: readonly string[], url: string, json: boolean): Promise<number> {
  const { ended, signal: pass } = runCommand(command, { PARCOURS_MICRO_URL: url });
  for (const signal of SIGNALS) process.on(signal, pass);
  return ended.catch((error: NodeJS.ErrnoException) =>
    fail(`${command[0]} cannot be run (${error.code})`, { json, code: 'not_started' }),
  );
}

function startFault({ code, message }: NodeJS.ErrnoException, port: number): string {
  if (code === 'EADDRINUSE') return `port ${port} is in use; choose another with --port, or 0 for a free one`;
  return message.replace(/^\[parcours\] /, '');
}

function numberOf(
  flag: string,
  text: string,
  { low, high, json }: { low: number; high: number; json: boolean },
): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= low && value <= high) return value;
  fail(`${flag} must be a whole number from ${low} to ${high} (it is "${text}")`, { json, code: 'bad_flag' });
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');

function add(value: string, before: string[]): string[] {
  return [...before, value];
}
