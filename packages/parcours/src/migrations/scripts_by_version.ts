import { mkdir, open, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { isFileError } from '@parcours/store/log';
import type { Migration } from './migration.ts';

/** Before there were several scripts, a version was one file, `<version>.js`; now it is a folder, `<version>/p.js`. */
export const scriptsByVersion: Migration = {
  to: 1,
  does: 'gives the browser script of each earlier version a folder of its own, and writes down the format',
  isSafe: true,
  async run({ scripts }) {
    const names = await readdir(scripts).catch((error): string[] => {
      if (isFileError(error, 'ENOENT')) return [];
      throw error;
    });
    const single = names.filter((name) => /^\d.*\.js$/.test(name));
    for (const name of single) {
      const version = join(scripts, name.slice(0, -'.js'.length));
      await mkdir(version, { recursive: true });
      await rename(join(scripts, name), join(version, 'p.js'));
      await sync(version);
    }
    if (single.length > 0) await sync(scripts);
  },
};

async function sync(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
