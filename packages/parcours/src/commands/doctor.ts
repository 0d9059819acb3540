import { Command } from 'commander';
import { fail } from '../fail.ts';

interface Flags {
  data: string;
  config?: string;
  url?: string;
  page?: string;
  site?: string;
  only?: string;
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
    .option('--json', 'print { verdict, checks: [{ check, verdict, found, faults }] } as JSON')
    .addHelpText(
      'after',
      `
Examples:
  parcours doctor
  parcours doctor --url https://collect.shop.example --page https://www.shop.example/
  parcours doctor --only disk,fsync --json

It changes nothing, and sends nothing that is stored.

Exit codes: 0 nothing is red, 1 something is.`,
    )
    .action(doctor);

async function doctor({ json = false, ...flags }: Flags): Promise<void> {
  // Loaded only here: no other command needs them.
  const [{ openContext, FlagError }, { CHECKS }, { runChecks }, { formatLine }] = await Promise.all([
    import('../doctor/open_context.ts'),
    import('../doctor/checks/index.ts'),
    import('../doctor/report.ts'),
    import('../doctor/lines.ts'),
  ]);
  const names = flags.only?.split(',').map((name) => name.trim());
  const unknown = names?.find((name) => !CHECKS.some((check) => check.name === name));
  if (unknown !== undefined) {
    const known = CHECKS.map(({ name }) => name).join(', ');
    fail(`--only: there is no check "${unknown}"; there are ${known}`, { json, code: 'bad_flag' });
  }
  const context = await openContext({ ...flags, env: process.env }).catch((error: Error) => {
    if (!(error instanceof FlagError)) throw error;
    fail(error.message, { json, code: 'bad_flag' });
  });
  const checks = CHECKS.filter(({ name }) => names?.includes(name) ?? true);
  const report = await runChecks(checks, context, (line) => {
    if (!json) process.stdout.write(formatLine(line));
  });
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  process.exitCode = report.verdict === 'red' ? 1 : 0;
}
