import { vi } from 'vitest';
import { program } from '../program.ts';

/** What a command printed, and its exit code. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Runs a command in this process as it is typed: for commands that end by themselves. */
export async function runProgram(...args: readonly string[]): Promise<Ran> {
  let out = '';
  let error = '';
  let ended: number | undefined;
  const collect = (add: (text: string) => void) => (text: string | Uint8Array) => {
    add(String(text));
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(
      collect((text) => {
        out += text;
      }),
    ),
    vi.spyOn(process.stderr, 'write').mockImplementation(
      collect((text) => {
        // A real exit would have ended it.
        if (ended === undefined) error += text;
      }),
    ),
    vi.spyOn(process, 'exit').mockImplementation((code) => {
      ended ??= Number(code);
      throw new Error('ended');
    }),
  ];
  process.exitCode = 0;
  try {
    await program(args.includes('--json')).parseAsync(['node', 'parcours', ...args]);
  } catch (thrown) {
    if ((thrown as Error).message !== 'ended') throw thrown;
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  const code = ended ?? Number(process.exitCode);
  process.exitCode = 0;
  return { code, out, error };
}
