import { Command } from 'commander';
import { refuseUnreadable } from './refuse_unreadable.ts';
import { version } from './version.ts';

/**
 * The command line with these commands: one alone where it is known which is called, so that no other is loaded.
 *
 * @param json whether what is wrong with the call is told as JSON: asked for by `--json`, wherever it stands
 */
export const commandLine = (commands: readonly Command[], json: boolean = process.argv.includes('--json')): Command => {
  const root = commands.reduce(
    (all, command) => all.addCommand(command),
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
