import { Command } from 'commander';
import { keyCreateCommand } from './key/create.ts';
import { keyListCommand } from './key/list.ts';
import { keyRevokeCommand } from './key/revoke.ts';
import { keyRotateCommand } from './key/rotate.ts';

export const keyCommand = (): Command =>
  new Command('key')
    .description('Make, list, rotate and revoke keys: public ones for pages, secrets for servers and for the console.')
    .addHelpText(
      'after',
      `
Examples:
  parcours key create --site shop-fr --secret
  parcours key create --console analyst
  parcours key rotate k_3f9a1c2b4d5e --overlap 48

Exit codes: 0 done, 1 refused.`,
    )
    .addCommand(keyCreateCommand())
    .addCommand(keyListCommand())
    .addCommand(keyRotateCommand())
    .addCommand(keyRevokeCommand());
