import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The format in which this program keeps a data folder. It grows by one with each migration. */
export const FORMAT = 1;

/** A data folder's format. 0: made before formats were written down. */
export async function readFormat(root: string): Promise<number> {
  let text: string;
  try {
    text = await readFile(join(root, 'format.json'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
  const format = formatIn(text);
  if (format === undefined) throw new Error(`${join(root, 'format.json')}: "format" must be a whole number above 0`);
  return format;
}

function formatIn(text: string): number | undefined {
  try {
    const { format } = JSON.parse(text) as { readonly format?: unknown };
    return Number.isSafeInteger(format) && (format as number) > 0 ? (format as number) : undefined;
  } catch {
    return undefined;
  }
}
