/**
 * `npm test`: the whole gate, as CI runs it. Stops at the first step that fails, with that step's exit code.
 * Arguments go to vitest: `npm test -- test/e2e`.
 */
import { install, requireNode } from './install.mjs';
import { main, step } from './step.mjs';

const VITEST_ARGS = process.argv.slice(2);

await main(async () => {
  const started = performance.now();
  requireNode(process.versions.node);
  await install();
  const { ensureChromium } = await import('./chromium.mjs');
  await ensureChromium();
  await step('Building', 'npm', ['run', 'build']);
  await step('Format and lint', 'biome', ['ci', '.']);
  await step('Types', 'tsc', ['--noEmit']);
  await step('Sizes', 'node', ['scripts/sizes.mjs'], { loud: true });
  await step('Tests', 'vitest', ['run', ...VITEST_ARGS], { loud: true, env: { CI: 'true', ...process.env } });
  console.log(`All done, ${((performance.now() - started) / 1000).toFixed(0)} s`);
});
