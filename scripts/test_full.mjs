/**
 * `npm run test:full`: what `npm test` leaves out for its weight. An app for each framework, with the SDK as it would be
 * published, built and driven in a browser; the guide's proxies, real ones; and what `deploy/` holds, as far as it runs without a
 * container engine. Arguments go to vitest: `npm run test:full -- -t Nuxt`.
 */
import { install, PNPM, requireNode } from './install.mjs';
import { packSdk } from './pack_sdk.mjs';
import { main, step } from './step.mjs';

const FRAMEWORKS = 'examples/frameworks';

await main(async () => {
  const started = performance.now();
  requireNode(process.versions.node);
  await install();
  const { ensureChromium } = await import('./chromium.mjs');
  const { ensureProxies } = await import('./proxies.mjs');
  await ensureChromium();
  await ensureProxies();
  await step('Building', 'npm', ['run', 'build']);
  await packSdk();
  await step('Installing the frameworks', 'npx', ['--yes', PNPM, '-C', FRAMEWORKS, 'install', '--frozen-lockfile']);
  const env = { CI: 'true', ...process.env };
  const args = [
    'run',
    '--project',
    'frameworks',
    '--project',
    'proxies',
    '--project',
    'deploy',
    '--reporter',
    'verbose',
    ...process.argv.slice(2),
  ];
  await step('Framework apps, proxies, deployment', 'vitest', args, { loud: true, env });
  console.log(`All done, ${((performance.now() - started) / 1000).toFixed(0)} s`);
});
