import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chromiumArgs, findChromium } from '../../scripts/chromium.mjs';
import { ROOT, startChild } from '../support/child.ts';
import { freePort } from '../support/free_port.ts';
import { type PackedProject, packedProject } from '../support/packed_project.ts';

let packed: PackedProject;
let project: string;

/** The example as a user has it: our packages as they would be published, Playwright, and nothing of this workspace. */
beforeAll(async () => {
  packed = await packedProject();
  project = packed.folder;
  await cp(join(ROOT, 'examples/micro'), project, {
    recursive: true,
    filter: (path) => !path.includes('node_modules'),
  });
  // Whoever tests with Playwright has no vitest.
  await rm(join(project, 'node_modules/vitest'));
  await packed.link('@playwright/test');
  // Its own configuration, with the Chromium of this machine instead of Playwright's.
  const launchOptions = { executablePath: findChromium(), args: chromiumArgs() };
  await writeFile(
    join(project, 'here.config.ts'),
    `import config from './playwright.config.ts';
    export default { ...config, use: { ...config.use, launchOptions: ${JSON.stringify(launchOptions)} } };`,
  );
}, 120_000);
afterAll(() => packed.remove());

async function runTests(env: NodeJS.ProcessEnv = {}) {
  const [micro, shop] = await Promise.all([freePort(), freePort()]);
  const cli = join(project, 'node_modules/@playwright/test/cli.js');
  const child = startChild(process.execPath, [cli, 'test', '--config', 'here.config.ts', '--reporter', 'line'], {
    cwd: project,
    env: { MICRO_PORT: `${micro}`, ...env, SHOP_PORT: `${shop}`, NO_COLOR: '1' },
  });
  const { code } = await child.ended;
  return { code, output: child.output() };
}

test('the tests of the example pass while its shop tells its purchase', async () => {
  const { code, output } = await runTests();
  expect(output).toContain('2 passed');
  expect(code).toBe(0);
}, 120_000);

test('they fail once the shop forgets it, and say what was received instead', async () => {
  const { code, output } = await runTests({ FORGET: 'purchase' });
  expect(code).toBe(1);
  expect(output).toContain('expected to receive "purchase" with { transaction_id: "W-1001"');
  expect(output).toContain('and got it 0 times');
  expect(output).toContain('received instead: 2 page_view');
  expect(output).toContain('1 failed');
  expect(output).toContain('1 passed');
}, 120_000);
