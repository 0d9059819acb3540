import { join } from 'node:path';
import { ROOT, startChild } from './child.ts';

const BIN = join(ROOT, 'packages/parcours/dist/bin.js');

/** What a command line ended with. */
export interface Ran {
  readonly code: number | null;
  /** Standard output and standard error, as they came. */
  readonly output: string;
}

/** Runs lines of a shell as a guide has them, where `parcours` is the program as built, on a data folder. */
export async function runLines(lines: string, { data }: { readonly data: string }): Promise<Ran> {
  const child = startChild('sh', ['-ec', `parcours() { "$NODE" "$BIN" "$@"; }\n${lines}`], {
    env: { ...process.env, NODE: process.execPath, BIN, DATA: data },
  });
  const { code } = await child.ended;
  return { code, output: child.output() };
}
