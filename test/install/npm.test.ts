import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openVisit } from '../support/browser.ts';
import { ROOT } from '../support/child.ts';
import { packInto } from '../support/packed.ts';
import { INSTALL, type Shop, startShop } from './shop.ts';

const run = promisify(execFile);

let project: string;
let shop: Shop;

/** An empty project in which the guide's command was run, with our packages from here in place of the registry's. */
beforeAll(async () => {
  [shop, project] = await Promise.all([startShop(['config']), mkdtemp(join(tmpdir(), 'parcours-npm-'))]);
  const [sdk, protocol] = await Promise.all(['sdk', 'protocol'].map((name) => packInto(join(project, name), name)));
  const overrides: Record<string, string> = { '@parcours/protocol': `file:${protocol}` };
  for (const [owner, name] of [
    ['sdk', 'idb-keyval'],
    ['sdk', 'web-vitals'],
    ['protocol', 'zod'],
  ] as const) {
    overrides[name] = `file:${await realpath(join(ROOT, 'packages', owner, 'node_modules', name))}`;
  }
  await writeFile(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module', overrides }));
  const command = INSTALL.block('npm-install', { '@parcours/sdk': sdk as string });
  await run('sh', ['-c', `${command} --offline --no-audit --no-fund --ignore-scripts`], { cwd: project });
  await writeFile(join(project, 'app.ts'), shop.block('npm'));
}, 120_000);
afterAll(async () => {
  await shop?.stop();
  await rm(project, { recursive: true, force: true });
});

/** What a bundler makes of a file of the project. */
const bundle = async (file: string): Promise<string> => {
  const entryPoints = [join(project, file)];
  const { outputFiles } = await build({ entryPoints, bundle: true, format: 'esm', minify: true, write: false });
  return outputFiles[0]?.text ?? '';
};

test('the module compiles in an empty project, and a wrong property does not', async () => {
  const wrong = `import { parcours } from './app.js';
// @ts-expect-error a purchase without its number
parcours.track('purchase', { currency: 'EUR', value: 1, items: [] });`;
  await writeFile(join(project, 'wrong.ts'), wrong);
  const flags = ['--noEmit', '--strict', '--module', 'esnext', '--moduleResolution', 'bundler', '--target', 'es2022'];
  const args = [...flags, '--types', '', 'app.ts', 'wrong.ts'];
  await run(join(ROOT, 'node_modules/.bin/tsc'), args, { cwd: project }).catch((error) => {
    throw new Error(error.stdout);
  });
});

test('its bundle records under the strictest policy', async () => {
  shop.serve(`<script type="module" nonce="R4nd0m">${await bundle('app.ts')}</script>`, shop.block('csp'));
  const visit = await openVisit();
  await visit.page.goto(`${shop.origin}/bundled`);
  await shop.typesWhen('/bundled', ['page_view', 'add_to_cart']);
  expect(visit.faults).toEqual([]);
});

test('a worker, which has no document, tells the pages it is told', async () => {
  await writeFile(join(project, 'worker.js'), shop.block('worker'));
  shop.serve('');
  const visit = await openVisit();
  await visit.page.goto(`${shop.origin}/starts-a-worker`);
  await visit.page.evaluate(
    (code) => {
      new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
    },
    await bundle('worker.js'),
  );
  expect(await shop.typesWhen('/checkout', ['page_view'])).toEqual(['page_view']);
  expect(await shop.program.query("select 1 from events where path = '/starts-a-worker'")).toEqual([]);
  expect(visit.faults).toEqual([]);
});

test('importing it does nothing, on a server neither', async () => {
  const script = "await import('@parcours/sdk'); await import('@parcours/sdk/web-vitals'); console.log('quiet');";
  await writeFile(join(project, 'server.mjs'), script);
  const { stdout, stderr } = await run(process.execPath, ['server.mjs'], { cwd: project });
  expect([stdout, stderr]).toEqual(['quiet\n', '']);
});
