import type { CheckReport } from './report.ts';

const WORD = { ok: 'ok', warning: 'warning', red: 'RED', not_checked: 'not checked' } as const;
const WORD_CHARS = 11;
const NAME_CHARS = 13;

/** One line for a check; where something is wrong, one more for each fault that is not the first, and its fix below. */
export function formatLine({ check, verdict, found, faults }: CheckReport): string {
  const head = `${WORD[verdict].padEnd(WORD_CHARS)}  ${check.padEnd(NAME_CHARS)}  `;
  if (faults.length === 0) return `${head}${clean(found)}\n`;
  const indent = ' '.repeat(head.length);
  return faults
    .map((fault, index) => `${index === 0 ? head : indent}${clean(fault.found)}\n${indent}fix: ${clean(fault.fix)}\n`)
    .join('');
}

/** What came from elsewhere (a header, an answer) must not steer the terminal. */
const clean = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
