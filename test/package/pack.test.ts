import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../support/child.ts';
import { installPacked } from '../support/packed.ts';

const run = promisify(execFile);
const PACKAGES = readdirSync(join(ROOT, 'packages'));
let project: string;

/** An empty project with our packages as they would be published, and their dependencies as they are installed here. */
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'parcours-package-'));
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  for (const name of PACKAGES) await installPacked(project, name);
}, 120_000);
afterAll(() => rm(project, { recursive: true, force: true }));

const CONSUMER = `
import { createCollector, type CollectorOptions } from '@parcours/collector';
import { createCollectorServer } from '@parcours/collector/node';
import { createJourneys } from '@parcours/journeys';
import { LIMITS, type Batch, type EventMap } from '@parcours/protocol';
import { parseEvent } from '@parcours/protocol/schema';
import { createTracker } from '@parcours/sdk';
import { openDuckDb } from '@parcours/store';
import { openLog } from '@parcours/store/log';

const purchase: EventMap['purchase'] = { transaction_id: 'W-1', currency: 'EUR', value: 1, items: [{ item_id: 'a' }] };
const tracker = createTracker({ endpoint: 'https://c.example/v1/events', site: 'shop', key: 'pk' });
tracker.track('purchase', purchase);
// @ts-expect-error a purchase without its number
tracker.track('purchase', { currency: 'EUR', value: 1, items: [] });
tracker.track('fitting_booked', { store: 'lyon-2' });
export const batch: Partial<Batch> = { v: 1 };
export const parts: unknown[] = [createCollector, createCollectorServer, createJourneys, LIMITS, parseEvent, openDuckDb, openLog];
export type Options = CollectorOptions;
`;

async function compile(file: string): Promise<void> {
  const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--skipLibCheck', '--types', ''];
  await run(join(ROOT, 'node_modules/.bin/tsc'), [...flags, file], { cwd: project }).catch((error) => {
    throw new Error(error.stdout);
  });
}

test('what is published compiles in an empty project', async () => {
  await writeFile(join(project, 'consumer.ts'), CONSUMER);
  await compile('consumer.ts');
}, 60_000);

const MICRO_TEST = `
import { startMicro, type MicroClient } from '@parcours/collector/testing';
import '@parcours/collector/testing/vitest';
import { afterAll, beforeAll, expect, test } from 'vitest';

let micro: MicroClient;
beforeAll(async () => {
  micro = await startMicro({ sites: [{ id: 'shop', keys: ['pk_demo'] }] });
});
afterAll(() => micro.stop());

test('the shop loads the script, and told nothing yet', async () => {
  expect((await fetch(micro.url + '/p.js')).status).toBe(200);
  await expect(micro).not.toHaveReceived('purchase', { transaction_id: 'W-1' }, { quiet: 1 });
  await expect(micro).toHaveReceivedTimes('fitting_booked', 0, {}, { quiet: 1 });
  await expect(micro).toHaveNoFailed();
  await expect(micro).toHaveAllAddedUp();
});

export const wrong = async () => {
  // @ts-expect-error a count is a number
  await expect(micro).toHaveReceivedTimes('purchase', 'once');
  // @ts-expect-error no such option
  await expect(micro).toHaveReceived('purchase', {}, { timeoutMs: 1 });
};
`;

test('the matchers of the published collector compile and run in a test of vitest', async () => {
  await writeFile(join(project, 'micro.test.ts'), MICRO_TEST);
  await compile('micro.test.ts');
  const vitest = join(project, 'node_modules/vitest/vitest.mjs');
  const { stdout } = await run(process.execPath, [vitest, 'run', '--root', project, 'micro.test.ts'], { cwd: project });
  expect(stdout).toMatch(/Tests .*1 passed/);
}, 60_000);

test('what is published runs', async () => {
  const script = `
    const { createTracker } = await import('@parcours/sdk');
    createTracker({ endpoint: 'https://c.example/v1/events', site: 's', key: 'k' }).stop();
    const { openLog } = await import('@parcours/store/log');
    const { createCollector } = await import('@parcours/collector');
    const log = await openLog({ folder: 'log' });
    const app = createCollector({ sites: [{ id: 'shop', keys: ['pk'] }], log, cookieSecret: new Uint8Array(32) });
    console.log((await app.request('/healthz')).status);
    await log.close();
    const { openDuckDb } = await import('@parcours/store');
    const engine = await openDuckDb({ path: 'p.duckdb', folder: '.' });
    console.log(JSON.stringify((await engine.query('SELECT count(*) FROM events')).rows));
    await engine.close();`;
  await writeFile(join(project, 'run.mjs'), script);
  const { stdout } = await run(process.execPath, ['run.mjs'], { cwd: project });
  expect(stdout).toBe('200\n[[0]]\n');
});

test('the program runs from its tarball', async () => {
  const bin = join(project, 'node_modules/parcours/dist/bin.js');
  const { stdout } = await run(process.execPath, [bin, '--help'], { cwd: project });
  expect(stdout).toContain('Usage: parcours');
});

test.each(PACKAGES)('%s publishes nothing but what it needs, with its licence and no install script', (name) => {
  const folder = join(project, 'packed', name, 'package');
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  expect(existsSync(join(folder, 'LICENSE'))).toBe(true);
  expect(JSON.stringify(manifest.exports)).not.toContain('src/');
  expect(JSON.stringify(manifest)).not.toMatch(/workspace:|catalog:|"(pre|post)?install"/);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  expect(files.filter((file) => /\.test\.|testing\/|corpus|\.child\.|contract/.test(file))).toEqual([]);
});
