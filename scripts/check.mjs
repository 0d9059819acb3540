/** `pnpm check`: what needs no test to be seen wrong. Format, lint, the direction of imports, types, sizes. */
import { pathToFileURL } from 'node:url';
import { main, step } from './step.mjs';

/** What needs no build. */
export const checkSource = () =>
  Promise.all([step('Format, lint and import directions', 'biome', ['ci', '.']), step('Types', 'tsc', ['--noEmit'])]);

/** Needs a build: sizes are those of what is published. */
export const checkSizes = () => step('Sizes', 'node', ['scripts/sizes.mjs'], { loud: true });

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(async () => {
    await checkSource();
    await checkSizes();
  });
}
