/**
 * `node scripts/build_image.mjs <folder>`: the program as an image holds it, in a new folder: built, with the packages that it
 * runs with and no others. The Dockerfile calls it, and so does the test of the image.
 */
import { rmSync } from 'node:fs';
import { install, PNPM, requireNode } from './install.mjs';
import { main, ScriptError, step } from './step.mjs';

await main(async () => {
  const [folder] = process.argv.slice(2);
  if (!folder) throw new ScriptError('Usage: node scripts/build_image.mjs <folder>');
  requireNode(process.versions.node);
  await install();
  await step('Building', 'node', ['scripts/build.mjs', '--if-changed']);
  rmSync(folder, { recursive: true, force: true });
  // `--legacy`: the workspace links its packages; here they are copied, as if installed.
  await step('Collecting', 'npx', ['--yes', PNPM, '--filter', 'parcours', 'deploy', '--prod', '--legacy', folder]);
});
