import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Script } from '@parcours/collector';

/** The browser script that is installed beside this program. */
export async function readSdkScript(): Promise<Script> {
  const path = createRequire(import.meta.url).resolve('@parcours/sdk/p.js');
  const manifest = JSON.parse(await readFile(join(dirname(dirname(path)), 'package.json'), 'utf8')) as {
    version: string;
  };
  return { version: manifest.version, bytes: await readFile(path) };
}
