/**
 * `npm run test:full`: what `npm test` leaves out for its weight. Every case of which the gate goes one main way; an app for each
 * framework, with the SDK as it would be published, built and driven in a browser; the guide's proxies, real ones; what `deploy/`
 * holds, as far as it runs without a container engine; faults: the program killed, starved and flooded; and each benchmark once,
 * small. Arguments go to vitest: `npm run test:full -- -t Nuxt`.
 */
import { install, PNPM, requireNode } from './install.mjs';
import { packSdk } from './pack_sdk.mjs';
import { main, step } from './step.mjs';

const FRAMEWORKS = 'examples/frameworks';

/** As vitest.config.ts has them. */
const PROJECTS = ['full', 'proxies', 'frameworks', 'deploy', 'faults'];

await main(async () => {
  const started = performance.now();
  requireNode(process.versions.node);
  await install();
  const { ensureChromium } = await import('./chromium.mjs');
  const { ensureProxies } = await import('./proxies.mjs');
  const { ensureFirefox } = await import('./firefox.mjs');
  const { ensureWebkit } = await import('./webkit.mjs');
  await ensureChromium();
  await ensureFirefox();
  await ensureWebkit();
  await ensureProxies();
  await step('Building', 'npm', ['run', 'build']);
  await packSdk();
  await step('Installing the frameworks', 'npx', ['--yes', PNPM, '-C', FRAMEWORKS, 'install', '--frozen-lockfile']);
  const env = { CI: 'true', ...process.env };
  const projects = PROJECTS.flatMap((name) => ['--project', name]);
  const args = ['run', ...projects, '--reporter', 'verbose', ...process.argv.slice(2)];
  await step('All that is heavy', 'vitest', args, { loud: true, env });
  console.log(`All done, ${((performance.now() - started) / 1000).toFixed(0)} s`);
});
