import type { Command } from 'commander';

/** Columns of the help as it is published. */
const WIDTH = 110;

/** A command's help as it prints it. */
export function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => WIDTH });
  command.outputHelp();
  return text;
}

/** The reference of the command line: every command's own help. */
export const guideOf = (root: Command): string => `# Commands

<!-- Made from packages/parcours/src/commands; a test fails where the two differ, and \`npx vitest run packages/parcours/src/program.test.ts -u\` writes it anew. -->

\`parcours\` is on the PATH after \`npm install --global parcours\`; in the workspace it is \`npm run parcours --\`. Answers go to standard
output, all else to standard error; with \`--json\` a refusal is \`{ "error": { "code", "message" } }\` there.

${sectionsOf(root, 'parcours').join('\n')}`;

function sectionsOf(command: Command, name: string): readonly string[] {
  const own = `## ${name}\n\n${indented(helpOf(command))}\n`;
  return [
    own,
    ...command.commands.flatMap((inner) =>
      inner.name() === 'help' ? [] : sectionsOf(inner, `${name} ${inner.name()}`),
    ),
  ];
}

const indented = (text: string): string =>
  text
    .trim()
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n');
