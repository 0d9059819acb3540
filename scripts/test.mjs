/**
 * `npm test`: the whole gate, as CI runs it. Stops at the first step that fails, with that step's exit code.
 * Arguments go to vitest: `npm test -- test/e2e`.
 */
import { check } from './check.mjs';
import { install, requireNode } from './install.mjs';
import { main, step } from './step.mjs';

const VITEST_ARGS = process.argv.slice(2);

await main(async () => {
  const started = performance.now();
  requireNode(process.versions.node);
  await install();
  const { ensureChromium } = await import('./chromium.mjs');
  const { ensureTools } = await import('./tools.mjs');
  await ensureChromium();
  await ensureTools();
  await step('Building', 'npm', ['run', 'build']);
  await check();
  const env = { CI: 'true', ...process.env };
  if (VITEST_ARGS.length > 0) {
    await step('Tests', 'vitest', ['run', ...VITEST_ARGS], { loud: true, env });
  } else {
    await step('Unit tests', 'vitest', ['run', '--project', 'unit', '--project', 'sdk'], { loud: true, env });
    // Alone: they start the program as built, and one of them builds it anew.
    await step('System tests', 'vitest', ['run', '--project', 'system'], { loud: true, env });
  }
  console.log(`All done, ${((performance.now() - started) / 1000).toFixed(0)} s`);
});
