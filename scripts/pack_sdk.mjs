/**
 * Puts the SDK as it would be published into `examples/frameworks/.packed`, where the example apps install it from.
 * Build first.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PNPM } from './install.mjs';
import { main, ROOT, step } from './step.mjs';

const PACKED = join(ROOT, 'examples/frameworks/.packed');

/** The SDK, and what its types are made of. */
const NAMES = ['protocol', 'sdk'];

/** Makes the folder anew. */
export async function packSdk() {
  rmSync(PACKED, { recursive: true, force: true });
  for (const name of NAMES) {
    const folder = join(PACKED, name);
    mkdirSync(folder, { recursive: true });
    const pack = ['-C', `packages/${name}`, 'pack', '--pack-destination', folder];
    await step(`Packing ${name}`, 'npx', ['--yes', PNPM, ...pack]);
    const [tarball] = readdirSync(folder);
    await step(`Unpacking ${name}`, 'tar', ['-xzf', join(folder, tarball), '-C', folder, '--strip-components', '1']);
    rmSync(join(folder, tarball));
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(packSdk);
