import { Command } from 'commander';
import { siteAddCommand } from './site/add.ts';
import { siteListCommand } from './site/list.ts';
import { siteRemoveCommand } from './site/remove.ts';

export const siteCommand = (): Command =>
  new Command('site')
    .description('Add, list and remove the sites that may send; in force within a second, running or not.')
    .addHelpText(
      'after',
      `
Examples:
  parcours site add shop-fr --origin https://www.shop.example
  parcours site list

Exit codes: 0 done, 1 refused.`,
    )
    .addCommand(siteAddCommand())
    .addCommand(siteListCommand())
    .addCommand(siteRemoveCommand());
