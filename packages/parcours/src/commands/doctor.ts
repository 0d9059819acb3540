import { Command } from 'commander';
import { fail } from '../fail.ts';

interface Flags {
  data: string;
  config?: string;
  url?: string;
  page?: string;
  site?: string;
  only?: string;
  cnil?: boolean;
  json?: boolean;
}

export const doctorCommand = (): Command =>
  new Command('doctor')
    .description('Find what is wrong with an installation, and say how to put it right.')
    .option('--data <folder>', 'data folder, whether anything runs on it or not', process.env.DATA || './data')
    .option('--config <file>', 'configuration file (default: the one that the running program was started with)')
    .option('--url <address>', 'public address of the collector, as browsers ask it: through its proxy')
    .option('--page <address>', 'a page of the shop, to see whether it loads and may send')
    .option('--site <id>', 'one site only')
    .option('--only <checks>', 'some checks only, by name, with commas between')
    .option('--cnil', 'the conditions of the French exemption for audience measurement instead, each with its evidence')
    .option('--json', 'print { verdict, checks: [{ check, verdict, found, faults }] } as JSON')
    .addHelpText(
      'after',
      `
Examples:
  parcours doctor
  parcours doctor --url https://collect.shop.example --page https://www.shop.example/
  parcours doctor --only disk,fsync --json
  parcours doctor --cnil

It changes nothing, and sends nothing that is stored.

With --cnil it looks at what is in force and at what is held. It proves what is done, and is nobody’s approval.

Exit codes: 0 nothing is red, 1 something is; with --cnil 1 too where something could not be looked at.`,
    )
    .action(doctor);

async function doctor({ json = false, ...flags }: Flags): Promise<void> {
  // Loaded only here: no other command needs them.
  const [{ openContext, FlagError }, { CHECKS }, { CNIL, YOURS }, { runChecks }, { formatLine }] = await Promise.all([
    import('../doctor/open_context.ts'),
    import('../doctor/checks/index.ts'),
    import('../doctor/cnil/index.ts'),
    import('../doctor/report.ts'),
    import('../doctor/lines.ts'),
  ]);
  const all = flags.cnil ? CNIL : CHECKS;
  const names = flags.only?.split(',').map((name) => name.trim());
  const unknown = names?.find((name) => !all.some((check) => check.name === name));
  if (unknown !== undefined) {
    const known = all.map(({ name }) => name).join(', ');
    fail(`--only: there is no check "${unknown}"; there are ${known}`, { json, code: 'bad_flag' });
  }
  const context = await openContext({ ...flags, env: process.env }).catch((error: Error) => {
    if (!(error instanceof FlagError)) throw error;
    fail(error.message, { json, code: 'bad_flag' });
  });
  const checks = all.filter(({ name }) => names?.includes(name) ?? true);
  const report = await runChecks(checks, context, (line) => {
    if (!json) process.stdout.write(formatLine(line));
  });
  if (json) process.stdout.write(`${JSON.stringify(flags.cnil ? { ...report, yours: YOURS } : report)}\n`);
  else if (flags.cnil) for (const text of YOURS) process.stdout.write(`yours        ${text}\n`);
  const isUnproven = flags.cnil && report.checks.some(({ verdict }) => verdict === 'not_checked');
  process.exitCode = report.verdict === 'red' || isUnproven ? 1 : 0;
}
