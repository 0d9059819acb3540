import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, readdir, realpath, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { PNPM } from '../../scripts/install.mjs';
import { ROOT } from './child.ts';

const run = promisify(execFile);

/** Packs one of our packages as it would be published, into a folder of its own; gives the file. */
export async function packInto(folder: string, name: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await run('npx', ['--yes', PNPM, 'pack', '--pack-destination', folder], { cwd: join(ROOT, 'packages', name) });
  const [tarball] = await readdir(folder);
  return join(folder, tarball as string);
}

/**
 * Puts one of our packages into a project as it would be published, and its dependencies as they are installed here.
 *
 * @param project its folder; the package goes into `node_modules`, and what was packed into `packed/<name>/package`
 * @param name    the package's folder in `packages`
 */
export async function installPacked(project: string, name: string): Promise<void> {
  const packed = join(project, 'packed', name);
  await run('tar', ['-xzf', await packInto(packed, name), '-C', packed]);
  const manifest = JSON.parse(readFileSync(join(packed, 'package/package.json'), 'utf8'));
  await cp(join(packed, 'package'), join(project, 'node_modules', manifest.name), { recursive: true });
  for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    if (dependency.startsWith('@parcours/')) continue;
    const place = join(project, 'node_modules', dependency);
    if (existsSync(place)) continue;
    await mkdir(dirname(place), { recursive: true });
    await symlink(await realpath(join(ROOT, 'packages', name, 'node_modules', dependency)), place);
  }
}
