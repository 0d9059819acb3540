import { Command } from 'commander';
import { backupCommand } from './commands/backup.ts';
import { benchCommand } from './commands/bench.ts';
import { configCommand } from './commands/config.ts';
import { doctorCommand } from './commands/doctor.ts';
import { exportCommand } from './commands/export.ts';
import { failedCommand } from './commands/failed.ts';
import { funnelCommand } from './commands/funnel.ts';
import { keyCommand } from './commands/key.ts';
import { loginCommand } from './commands/login.ts';
import { microCommand } from './commands/micro.ts';
import { migrateCommand } from './commands/migrate.ts';
import { queryCommand } from './commands/query.ts';
import { rebuildCommand } from './commands/rebuild.ts';
import { restoreCommand } from './commands/restore.ts';
import { serveCommand } from './commands/serve.ts';
import { siteCommand } from './commands/site.ts';
import { snapshotCommand } from './commands/snapshot.ts';
import { tailCommand } from './commands/tail.ts';
import { refuseUnreadable } from './refuse_unreadable.ts';
import { version } from './version.ts';

/** Every command, in the order of the help. A new one is its file and its line here. */
const COMMANDS: readonly (() => Command)[] = [
  serveCommand,
  siteCommand,
  keyCommand,
  loginCommand,
  tailCommand,
  queryCommand,
  funnelCommand,
  failedCommand,
  configCommand,
  doctorCommand,
  backupCommand,
  restoreCommand,
  exportCommand,
  snapshotCommand,
  migrateCommand,
  rebuildCommand,
  benchCommand,
  microCommand,
];

/**
 * The command line.
 *
 * @param json whether what is wrong with the call is told as JSON: asked for by `--json`, wherever it stands
 */
export const program = (json: boolean = process.argv.includes('--json')): Command => {
  const root = COMMANDS.reduce(
    (all, command) => all.addCommand(command()),
    new Command('parcours')
      .description("The whole customer journey, web and stores, with the customer's consent.")
      .version(version)
      .addHelpText(
        'after',
        `
Examples:
  parcours serve
  parcours site add shop-fr --origin https://www.shop.example
  parcours doctor

Exit codes: 0 done, 1 refused or failed. Every command has --help and --json.`,
      ),
  );
  root.hook('preAction', (_root, command) => refuseUnreadable(command));
  for (const command of everyCommand(root)) tellMisuse(command, json);
  return root;
};

/** A command with all under it. */
export const everyCommand = (command: Command): readonly Command[] => [
  command,
  ...command.commands.flatMap((inner) => everyCommand(inner)),
];

/** An unknown flag or a missing argument is one line, like every other refusal. */
function tellMisuse(command: Command, json: boolean): void {
  command.showHelpAfterError(json ? false : '(add --help for what is known)');
  command.configureOutput({
    outputError: (text, write) => {
      const message = text.replace(/^error: /, '').trim();
      write(json ? `${JSON.stringify({ error: { code: 'usage', message } })}\n` : `parcours: ${message}\n`);
    },
  });
}
