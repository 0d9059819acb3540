import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { BIN, ROOT } from './child.ts';
import type { Ran } from './command.ts';

export type { Ran } from './command.ts';

let commands: string | undefined;

/** A folder for the PATH in which `parcours` is the program as built. */
export function commandFolder(): string {
  if (commands) return commands;
  commands = mkdtempSync(join(tmpdir(), 'parcours-command-'));
  const file = join(commands, 'parcours');
  writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`);
  chmodSync(file, 0o755);
  return commands;
}

/** Runs a guide's shell block as its reader would, in a folder, until the first command that fails. */
export function runShell(
  text: string,
  { cwd, env = {} }: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<Ran> {
  const { PORT, CONSOLE_PORT, SHOP_PORT, DATA, ...inherited } = process.env;
  const path = `${commandFolder()}${delimiter}${process.env.PATH}`;
  return new Promise((resolve) => {
    const options = { cwd, env: { ...inherited, ...env, PATH: path }, maxBuffer: 64e6 };
    execFile('sh', ['-e', '-c', text], options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });
}

/** The same on a program's data folder, with standard output and standard error as one text. */
export async function runLines(
  text: string,
  { data }: { readonly data: string },
): Promise<{ readonly code: number; readonly output: string }> {
  const { code, stdout, stderr } = await runShell(text, { cwd: ROOT, env: { DATA: data } });
  return { code, output: `${stdout}${stderr}` };
}
