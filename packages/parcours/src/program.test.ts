import { type Command, CommanderError } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { everyCommand } from './command_line.ts';
import { guideOf, helpOf } from './commands_guide.ts';
import { ONE_COMMAND, programFor } from './one_command.ts';
import { program } from './program.ts';

/** What every command promises, whoever writes it. */

beforeAll(() => {
  // The help tells where data lies by default.
  delete process.env.DATA;
});

const nameOf = (command: Command): string =>
  command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
const ALL = everyCommand(program(false)).map((command) => ({ name: nameOf(command), command }));
const answers = ALL.filter(({ command }) => command.commands.length === 0);

describe.each(ALL)('$name', ({ command }) => {
  const help = helpOf(command);

  it('says what it does, in a sentence', () => {
    expect(command.description()).toMatch(/^[A-Z].{20,}\.$/);
  });

  it('has examples that it would take, and tells its exit codes', () => {
    const examples = [...help.matchAll(/^ {2}(parcours .*)$/gm)].map(([, line = '']) => line);
    expect(examples.length).toBeGreaterThan(0);
    for (const line of examples) expect([line, misuseOf(line)]).toEqual([line, undefined]);
    expect(help).toMatch(/^Exit codes: 0 /m);
  });

  it('explains every option', () => {
    for (const { flags, description } of command.options)
      expect([flags, description.length > 5]).toEqual([flags, true]);
  });
});

it.each(answers)('$name answers in JSON where it is asked to', ({ command }) => {
  expect(command.options.map(({ long }) => long)).toContain('--json');
});

it.each(ALL)('$name refuses a flag that it does not know with one line, in JSON too', ({ name, command }) => {
  const required = command.options.filter(({ mandatory }) => mandatory).map(({ long }) => `${long} x`);
  const call = [name, ...required, '--no-such-flag'].join(' ');
  expect(misuseOf(call)).toMatch(/^parcours: unknown option '--no-such-flag'.*\n\(add --help/);
  const told = misuseOf(call, true) ?? '';
  expect(JSON.parse(told)).toEqual({ error: { code: 'usage', message: expect.stringContaining('--no-such-flag') } });
});

it('refuses a command that there is not, and names the nearest', () => {
  expect(misuseOf('parcours serv')).toMatch(/^parcours: unknown command 'serv'\s+\(Did you mean serve\?\)/);
});

it('each command is the same when it alone is loaded', async () => {
  expect(Object.keys(ONE_COMMAND)).toEqual(program(false).commands.map((command) => command.name()));
  for (const whole of program(false).commands) {
    const [alone, ...more] = (await programFor(whole.name())).commands;
    expect(more).toEqual([]);
    expect(alone && everyCommand(alone).map(helpOf)).toEqual(everyCommand(whole).map(helpOf));
  }
});

it('the reference has every command as its help tells it', async () => {
  await expect(guideOf(program(false))).toMatchFileSnapshot('../../../docs/operate/commands.md');
});

/** What a call writes on standard error before anything runs; nothing where it would run. */
function misuseOf(line: string, json = false): string | undefined {
  let told = '';
  const root = program(json);
  for (const command of everyCommand(root)) {
    command.exitOverride();
    command.configureOutput({ writeErr: (text) => (told += text), writeOut: () => {} });
    if (command.commands.length === 0) command.action(() => {});
  }
  const [, ...args] = wordsOf(line);
  try {
    root.parse(args, { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // A command with others under it shows its help when it is called alone.
    return error.code === 'commander.help' ? undefined : told;
  }
}

/** The words of the first command of a line, as a shell would split them. */
function wordsOf(line: string): readonly string[] {
  const [command = ''] = line.split(/ (?:\||>|&|2>) ?/);
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
}
