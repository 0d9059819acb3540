import { Command } from 'commander';
import { doctorCommand } from './commands/doctor.ts';
import { funnelCommand } from './commands/funnel.ts';
import { microCommand } from './commands/micro.ts';
import { queryCommand } from './commands/query.ts';
import { rebuildCommand } from './commands/rebuild.ts';
import { serveCommand } from './commands/serve.ts';
import { version } from './version.ts';

/** The command line. A new command is its file and its line here. */
export const program = (): Command =>
  new Command('parcours')
    .description("The whole customer journey, web and stores, with the customer's consent.")
    .version(version)
    .showHelpAfterError('(add --help for what is known)')
    .addCommand(serveCommand())
    .addCommand(queryCommand())
    .addCommand(funnelCommand())
    .addCommand(rebuildCommand())
    .addCommand(doctorCommand())
    .addCommand(microCommand());
