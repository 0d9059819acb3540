import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from './child.ts';
import { installPacked } from './packed.ts';

/** A project of somebody else's: our packages as they would be published, and nothing of this workspace. */
export interface PackedProject {
  readonly folder: string;
  /** Puts a package beside them as it is installed here, such as `@playwright/test`. */
  link(name: string): Promise<void>;
  remove(): Promise<void>;
}

/** A project that tests its shop with `parcours micro`; `npx parcours` runs there. */
export async function packedProject(): Promise<PackedProject> {
  const folder = await mkdtemp(join(tmpdir(), 'parcours-project-'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  for (const name of ['protocol', 'sdk', 'store', 'collector', 'parcours']) await installPacked(folder, name);
  const bin = join(folder, 'node_modules/.bin');
  await mkdir(bin, { recursive: true });
  await symlink('../parcours/dist/bin.js', join(bin, 'parcours'));
  return {
    folder,
    async link(name) {
      const place = join(folder, 'node_modules', name);
      await mkdir(dirname(place), { recursive: true });
      await symlink(await realpath(join(ROOT, 'node_modules', name)), place);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
