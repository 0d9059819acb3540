import { randomUUID } from 'node:crypto';
import { readControl } from '@parcours/store/control';
import { Command } from 'commander';
import { type Config, ConfigError, type Loaded, loadSettings, settings } from '../config/index.ts';
import { dataFolder } from '../data_folder.ts';
import { prepareDataFolder } from '../data_format.ts';
import { fail } from '../fail.ts';
import { failWith } from '../fail_with.ts';
import { askLoginLink } from '../login_link.ts';
import type { Migration } from '../migrations/migration.ts';
import { type ChildSpec, supervise } from '../processes/supervise.ts';
import { networkFault } from '../refuse_network.ts';
import { isRunning, readRunFile } from '../run_file.ts';
import { openSecrets } from '../secrets.ts';
import { sitesInForce } from '../sites/in_force.ts';
import { startRunFile } from '../start_run_file.ts';
import { version } from '../version.ts';

/** The reader steps back for the collector, and its heap is bounded: a heavy report must not be felt where events arrive. */
const COLLECTOR: ChildSpec = { role: 'collector', writer: 'collector-0' };
const READER: ChildSpec = { role: 'reader', nice: 10, nodeFlags: ['--max-old-space-size=1024'] };

interface Flags extends Readonly<Record<string, string | boolean | undefined>> {
  readonly config?: string;
  readonly json?: boolean;
}

export function serveCommand(): Command {
  const command = new Command('serve')
    .description('Receive events and make them queryable: a collector and a reader, kept running.')
    .option('--config <file>', 'configuration file (default: parcours.config.json, .ts or .mjs of this folder)');
  for (const { flag, meaning, defaultText, variables } of settings()) {
    if (!flag) continue;
    const otherwise = [variables.at(-1), defaultText && `default ${defaultText.replaceAll('"', '')}`].filter(Boolean);
    command.option(`${flag} <value>`, `${meaning} (${otherwise.join('; ')})`);
  }
  return command
    .option('--json', 'tell the addresses, and a link that signs in once, as one line of JSON')
    .addHelpText(
      'after',
      `
Examples:
  parcours serve
  parcours serve --config shop.json --port 9000 --data /var/lib/parcours

Exit codes: 0 stopped by a signal, 1 could not start.`,
    )
    .action(serve);
}

async function serve({ config: named, json = false, ...flags }: Flags): Promise<void> {
  const { config, file } = await loadOrFail({ flags: flags as Record<string, string>, file: named, json });
  const folder = dataFolder(config.data);
  const other = await readRunFile(folder.run);
  if (other && (await isRunning(other))) {
    fail(`another parcours (process ${other.pid}) runs on ${config.data}`, { json, code: 'already_running' });
  }
  const refusal = await networkFault(config);
  if (refusal !== undefined) fail(refusal, { json, code: 'network_file_system' });
  const steps: Migration[] = [];
  await prepareDataFolder(folder.root, { onStep: (step) => steps.push(step) }).catch((error) =>
    failWith(error, { json }),
  );
  const { isNew, secrets } = await openSecrets(folder.secrets).catch((error: Error) => fail(error.message, { json }));
  // Loaded only here: no other command writes a log.
  const [{ createProgramLog }, { startWatch }] = await Promise.all([
    import('../processes/program_log.ts'),
    import('../processes/watch.ts'),
  ]);
  const log = createProgramLog(config.logLevel);
  for (const { to, does } of steps) log.warn(`migrated the data folder to format ${to}: ${does}`);
  if (isNew) log.warn(`made new secrets: ${folder.secrets} (keep a copy: without it, joins with the CRM are lost)`);
  const sites = sitesInForce({
    configured: config.sites,
    control: await readControl(folder.control),
    now: Date.now(),
  });
  if (sites.length === 0) {
    log.warn('there is no site yet: every event is refused until parcours site add <id> --origin <origin>');
  }

  const instance = randomUUID();
  const script = process.argv[1] as string;
  const runFile = startRunFile(folder.run, { pid: process.pid, instance, file });
  const onRestart = (role: string, cause: string, delayMs: number): void => {
    log.warn(`the ${role} ${cause}; starting it again in ${delayMs} ms`, { role, cause });
    runFile.restarted({ role, cause });
  };
  // A port that was free at the first start is kept at every other: whoever knows the address goes on using it.
  const inForce: Config = { ...config };
  const children = [COLLECTOR, READER].map((spec) =>
    supervise({ script, spec, config: () => inForce, instance, onRestart }),
  );
  const stopWatch = startWatch({ parts: children, data: folder.root, alerts: config.alerts, log });
  const stop = async (exitCode: number): Promise<never> => {
    log.info('stopping');
    stopWatch();
    await Promise.all(children.map((child) => child.stop()));
    await runFile.remove();
    process.exit(exitCode);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => void stop(0));

  try {
    const [collector, console] = (await Promise.all(children.map((child) => child.ready))) as [string, string];
    inForce.port = Number(new URL(collector).port);
    inForce.consolePort = Number(new URL(console).port);
    await runFile.ready({ collector, console });
    log.info('started', { version, collector, console, data: config.data });
    // A link that signs in belongs on a person's screen, not into a system's log.
    const login = json || process.stdout.isTTY ? await askLoginLink(console, secrets.admin) : undefined;
    if (json) say(JSON.stringify({ collector, console, login, data: config.data }));
    else {
      say(`Collector  ${collector}\nConsole    ${login ?? `${console}   (sign in: parcours login)`}`);
      say(`Data       ${config.data}\nReady. Ctrl-C stops.`);
    }
  } catch (error) {
    process.stderr.write(`parcours: ${(error as Error).message}\n`);
    await stop(1);
  }
}

async function loadOrFail({
  flags,
  file,
  json,
}: {
  flags: Record<string, string | undefined>;
  file: string | undefined;
  json: boolean;
}): Promise<Loaded> {
  try {
    return await loadSettings({ flags, file, env: process.env });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    fail(error.message, { json, code: 'configuration' });
  }
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
