import type { Command } from 'commander';
import { commandLine } from './command_line.ts';

/**
 * Each command by its name, loaded when it is called: most need little of what all of them need, and many are called in scripts,
 * over and over.
 */
export const ONE_COMMAND: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./commands/serve.ts')).serveCommand(),
  site: async () => (await import('./commands/site.ts')).siteCommand(),
  key: async () => (await import('./commands/key.ts')).keyCommand(),
  policy: async () => (await import('./commands/policy.ts')).policyCommand(),
  login: async () => (await import('./commands/login.ts')).loginCommand(),
  tail: async () => (await import('./commands/tail.ts')).tailCommand(),
  query: async () => (await import('./commands/query.ts')).queryCommand(),
  funnel: async () => (await import('./commands/funnel.ts')).funnelCommand(),
  failed: async () => (await import('./commands/failed.ts')).failedCommand(),
  receipts: async () => (await import('./commands/receipts.ts')).receiptsCommand(),
  retention: async () => (await import('./commands/retention.ts')).retentionCommand(),
  subject: async () => (await import('./commands/subject.ts')).subjectCommand(),
  audit: async () => (await import('./commands/audit.ts')).auditCommand(),
  config: async () => (await import('./commands/config.ts')).configCommand(),
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  backup: async () => (await import('./commands/backup.ts')).backupCommand(),
  restore: async () => (await import('./commands/restore.ts')).restoreCommand(),
  export: async () => (await import('./commands/export.ts')).exportCommand(),
  snapshot: async () => (await import('./commands/snapshot.ts')).snapshotCommand(),
  migrate: async () => (await import('./commands/migrate.ts')).migrateCommand(),
  rebuild: async () => (await import('./commands/rebuild.ts')).rebuildCommand(),
  bench: async () => (await import('./commands/bench.ts')).benchCommand(),
  micro: async () => (await import('./commands/micro.ts')).microCommand(),
};

/** The command line for a call that begins so: with that command alone, or with all where it is no command's name. */
export async function programFor(called = ''): Promise<Command> {
  const load = Object.hasOwn(ONE_COMMAND, called) ? ONE_COMMAND[called] : undefined;
  return load ? commandLine([await load()]) : (await import('./program.ts')).program();
}
