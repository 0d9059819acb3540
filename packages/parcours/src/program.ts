import { Command } from 'commander';
import { backupCommand } from './commands/backup.ts';
import { benchCommand } from './commands/bench.ts';
import { configCommand } from './commands/config.ts';
import { doctorCommand } from './commands/doctor.ts';
import { exportCommand } from './commands/export.ts';
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

/** The command line. */
export const program = (): Command =>
  COMMANDS.reduce(
    (all, command) => all.addCommand(command()),
    new Command('parcours')
      .description("The whole customer journey, web and stores, with the customer's consent.")
      .version(version)
      .showHelpAfterError('(add --help for what is known)'),
  );
