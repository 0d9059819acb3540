import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Script } from './options.ts';

/** How a script for a tag is called: `p.js`, and `p.<name>.js` for what comes in a tag of its own. */
const SCRIPT = /^p(\.[\w-]+)?\.js$/;

/** Whether a file is a script for a tag, by its name. */
export const isScript = (file: string): boolean => SCRIPT.test(file);

/**
 * Every script for a tag of the browser package, in the version that a module would get, with its compressed bytes where the
 * package has them.
 *
 * @param from address or path of that module
 * @throws where the package is not installed for it
 */
export async function readSdkScripts(from: string | URL): Promise<readonly Script[]> {
  const folder = dirname(createRequire(from).resolve('@parcours/sdk/p.js'));
  const { version } = JSON.parse(await readFile(join(dirname(folder), 'package.json'), 'utf8')) as { version: string };
  const files = (await readdir(folder)).filter(isScript).sort();
  return Promise.all(
    files.map(async (file) => {
      const path = join(folder, file);
      const [bytes, brotli] = await Promise.all([readFile(path), readIfThere(`${path}.br`)]);
      return { version, file, bytes, ...(brotli && { brotli }) };
    }),
  );
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
