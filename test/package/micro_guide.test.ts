import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { anEvent, postEvents } from '../support/batch.ts';
import { openVisit } from '../support/browser.ts';
import { type Child, ROOT, startChild } from '../support/child.ts';
import { freePort } from '../support/free_port.ts';
import { readGuide } from '../support/guide.ts';
import { type PackedProject, packedProject } from '../support/packed_project.ts';
import { servePage } from '../support/page.ts';

const guide = readGuide('docs/operate/micro.md');
const example = (file: string): string => readFileSync(join(ROOT, 'examples/micro', file), 'utf8');

let project: PackedProject;
beforeAll(async () => {
  project = await packedProject();
}, 120_000);
afterAll(() => project.remove());

const shell = (script: string): Child => startChild('bash', ['-e', '-c', script], { cwd: project.folder });

const purchase = (id: string) =>
  anEvent({
    type: 'purchase',
    props: { transaction_id: id, currency: 'EUR', value: 119.9, items: [{ item_id: 'SKU-1042' }] },
  });

/** Starts it as the guide does, on a port that is free here. */
async function start(): Promise<{ readonly micro: Child; readonly port: number; readonly url: string }> {
  const port = await freePort();
  const micro = shell(`${guide.block('start')} --port ${port}`);
  await micro.saw(/Ready/);
  return { micro, port, url: `http://localhost:${port}` };
}

test('the page of the guide sends to it', async () => {
  const { micro, port, url } = await start();
  const tag = guide.block('page', { 'localhost:9090': `localhost:${port}` });
  const icon = '<link rel="icon" href="data:,">';
  const site = await servePage(() => `<!doctype html><html lang="en"><title>Boots</title>${icon}${tag}</html>`);
  try {
    const { page, faults } = await openVisit();
    await page.goto(site.origin);
    await page.waitForFunction(() => 'parcours' in window);
    await page.evaluate(() =>
      (window as unknown as { parcours: { consent(choice: object): void } }).parcours.consent({ audience: true }),
    );
    expect((await fetch(`${url}/micro/wait?type=page_view&timeout=10000`)).status).toBe(200);
    expect(faults).toEqual([]);
  } finally {
    await site.stop();
    await micro.stop();
  }
});

test('the questions of the guide are answered', async () => {
  const { micro, port, url } = await start();
  try {
    await postEvents(url, [purchase('W-1001'), purchase('W-1002')]);
    const asked = shell(
      guide.block('ask', { 'localhost:9090': `localhost:${port}` }).replaceAll('curl', 'curl -s -w "\\n"'),
    );
    expect((await asked.ended).code).toBe(0);
    const [events = '', waited = '', accounts = ''] = asked.output().split('\n');
    expect(JSON.parse(events)).toMatchObject({ total: 1, events: [{ order_id: 'W-1001', amount_minor: 11_990 }] });
    expect(JSON.parse(waited)).toMatchObject({ total: 2 });
    expect(JSON.parse(accounts)).toMatchObject({ received: 2, accepted: 2, adds_up: true });
    // After the reset of the last line there is nothing to wait for: curl fails, and so would a script.
    const inVain = guide.block('ask', { 'localhost:9090': `localhost:${port}`, 'timeout=5000': 'timeout=1' });
    expect((await shell(inVain).ended).code).toBe(22);
  } finally {
    await micro.stop();
  }
});

/** Without what only says how deep a line stands. */
const flat = (text: string): string => text.replace(/^ +/gm, '');

test('the lines of Playwright are those of the example, which its own test runs', () => {
  expect(flat(example('playwright.config.ts'))).toContain(flat(guide.block('playwright-config')));
  const spec = flat(example('tests/order.spec.ts'));
  expect(spec).toContain(guide.block('playwright'));
  expect(spec).toContain(flat(guide.block('playwright-expect')));
});

test('the test of vitest runs', async () => {
  await writeFile(join(project.folder, 'vitest.config.ts'), guide.block('vitest-config'));
  await writeFile(join(project.folder, 'order.test.ts'), guide.block('vitest'));
  const run = startChild(process.execPath, ['node_modules/vitest/vitest.mjs', 'run'], {
    cwd: project.folder,
    env: { NO_COLOR: '1' },
  });
  const { code } = await run.ended;
  expect([code, run.output()]).toEqual([0, expect.stringContaining('1 passed')]);
});

/** A project whose `npm test` sends one batch to where the collector listens. */
async function testsSend(key: string, port: number, exitCode: number): Promise<void> {
  const script = `const { PARCOURS_MICRO_URL = 'http://localhost:${port}' } = process.env;
    await fetch(PARCOURS_MICRO_URL + '/v1/events', {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: JSON.stringify({ v: 1, site: 'shop', key: '${key}', sdk: 't', sent_at: new Date(), stamps: [], events: [] }),
    });
    process.exit(${exitCode});`;
  await writeFile(join(project.folder, 'send.mjs'), script);
  const manifest = { type: 'module', scripts: { test: 'node send.mjs' } };
  await writeFile(join(project.folder, 'package.json'), JSON.stringify(manifest));
}

const OUTCOMES = [
  ['pk_demo', 0, 0],
  ['pk_demo', 3, 3],
  ['pk_wrong', 0, 1],
] as const;

test.each(OUTCOMES)(
  'the workflow of GitHub is as green as its tests and its events (%s, %i)',
  async (key, tests, code) => {
    const workflow = parse(guide.block('actions'), { strict: true, uniqueKeys: true });
    const { steps } = workflow.jobs.test;
    expect(Object.keys(workflow)).toEqual(['name', 'on', 'jobs']);
    expect(steps.map((step: object) => Object.keys(step)[0])).toEqual(['uses', 'uses', 'run', 'run']);
    const port = await freePort();
    await testsSend(key, port, tests);
    const command: string = steps.at(-1).run;
    const child = shell(command.replace('parcours micro', `parcours micro --port ${port}`));
    expect((await child.ended).code).toBe(code);
    expect(child.output()).toContain('received 0 = accepted 0');
  },
);

test.each([OUTCOMES[0], OUTCOMES[2]])('so is the collector in the background (%s)', async (key, tests, code) => {
  const port = await freePort();
  await testsSend(key, port, tests);
  const script = guide.block('background', {
    'parcours micro': `parcours micro --port ${port}`,
    'localhost:9090': `localhost:${port}`,
  });
  const child = shell(script);
  expect((await child.ended).code).toBe(code);
  expect(child.output()).toContain('received 0 = accepted 0');
});
