import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Script } from '@parcours/collector';

/**
 * Every version of the browser script that this data folder has ever served, the present one first: a page that pinned
 * `/v/<version>/p.js` with its integrity keeps working after an upgrade.
 */
export async function openScriptArchive(folder: string, present: Script): Promise<readonly Script[]> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${present.version}.js`), present.bytes);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.js') && name !== `${present.version}.js`);
  const older = await Promise.all(
    names.map(async (name) => ({ version: name.slice(0, -'.js'.length), bytes: await readFile(join(folder, name)) })),
  );
  return [present, ...older];
}
