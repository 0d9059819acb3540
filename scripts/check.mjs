/** `pnpm check`: what needs no test to be seen wrong. Format, lint, the direction of imports, types, sizes. */
import { pathToFileURL } from 'node:url';
import { main, step } from './step.mjs';

/** Needs a build: sizes are those of what is published. */
export async function check() {
  await step('Format, lint and import directions', 'biome', ['ci', '.']);
  await step('Types', 'tsc', ['--noEmit']);
  await step('Sizes', 'node', ['scripts/sizes.mjs'], { loud: true });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(check);
