/**
 * `npm test`: the whole gate, as CI runs it. Stops at the first step that fails, with that step's exit code.
 * Arguments go to vitest: `npm test -- test/e2e`.
 */
import { checkSizes, checkSource } from './check.mjs';
import { install, requireNode } from './install.mjs';
import { main, step } from './step.mjs';

const VITEST_ARGS = process.argv.slice(2);

/** As vitest.config.ts has them. */
const UNIT = ['unit', 'sdk'];
const SYSTEM = ['system', 'alone'];

/** @param {readonly string[]} names */
const projects = (names) => names.flatMap((name) => ['--project', name]);

await main(async () => {
  const started = performance.now();
  requireNode(process.versions.node);
  await install();
  const { ensureChromium } = await import('./chromium.mjs');
  const { ensureTools } = await import('./tools.mjs');
  await ensureChromium();
  await ensureTools();
  await Promise.all([step('Building', 'npm', ['run', 'build']), checkSource()]);
  await checkSizes();
  const env = { CI: 'true', ...process.env };
  if (VITEST_ARGS.length > 0) {
    const wanted = VITEST_ARGS.includes('--project') ? [] : projects([...UNIT, ...SYSTEM]);
    await step('Tests', 'vitest', ['run', ...wanted, ...VITEST_ARGS], { loud: true, env });
  } else {
    await step('Unit tests', 'vitest', ['run', ...projects(UNIT)], { loud: true, env });
    await step('System tests', 'vitest', ['run', ...projects(SYSTEM)], { loud: true, env });
  }
  console.log(`All done, ${((performance.now() - started) / 1000).toFixed(0)} s`);
});
