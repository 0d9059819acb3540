import type { Command } from 'commander';
import { commandLine } from './command_line.ts';
import { auditCommand } from './commands/audit.ts';
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
import { policyCommand } from './commands/policy.ts';
import { queryCommand } from './commands/query.ts';
import { rebuildCommand } from './commands/rebuild.ts';
import { receiptsCommand } from './commands/receipts.ts';
import { restoreCommand } from './commands/restore.ts';
import { retentionCommand } from './commands/retention.ts';
import { serveCommand } from './commands/serve.ts';
import { siteCommand } from './commands/site.ts';
import { snapshotCommand } from './commands/snapshot.ts';
import { subjectCommand } from './commands/subject.ts';
import { tailCommand } from './commands/tail.ts';

/** Every command, in the order of the help. A new one is its file, its line here and its line in `one_command.ts`. */
const COMMANDS: readonly (() => Command)[] = [
  serveCommand,
  siteCommand,
  keyCommand,
  policyCommand,
  loginCommand,
  tailCommand,
  queryCommand,
  funnelCommand,
  failedCommand,
  receiptsCommand,
  retentionCommand,
  subjectCommand,
  auditCommand,
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
 * The command line, with every command.
 *
 * @param json whether what is wrong with the call is told as JSON: asked for by `--json`, wherever it stands
 */
export const program = (json?: boolean): Command =>
  commandLine(
    COMMANDS.map((command) => command()),
    json,
  );
