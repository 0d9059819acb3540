import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROOT, startChild } from '../support/child.ts';
import { readGuide } from '../support/guide.ts';
import { commandFolder, runShell } from '../support/shell.ts';

const GUIDE = readGuide('docs/operate/configuration.md');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parcours-config-guide-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['json', 'parcours.config.json'],
  ['typescript', 'parcours.config.ts'],
] as const)('the guide’s %s is a configuration, and shows what is in force', async (block, name) => {
  writeFileSync(join(folder, name), GUIDE.block(block));
  const { code, stdout, stderr } = await runShell(GUIDE.block('check'), {
    cwd: folder,
    env: { PARCOURS_LOG_DAYS: '3' },
  });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain(`${name}: no fault`);
  expect(stdout).toMatch(/^logDays +3 +environment variable PARCOURS_LOG_DAYS$/m);
  expect(stdout).toMatch(/^trustProxy +\["127.0.0.1"\] +\S+parcours.config.\w+$/m);
  expect(stdout).toMatch(/^port +8787 +default$/m);
});

test('the schema that the file names is in the package', () => {
  const { $schema } = JSON.parse(GUIDE.block('json'));
  const { files } = JSON.parse(readFileSync(join(ROOT, 'packages/parcours/package.json'), 'utf8'));
  expect(files).toContain($schema.replace('./node_modules/parcours/', ''));
});

test('faults are told by the check and by the start alike, and nothing starts', async () => {
  const file = join(folder, 'shop.json');
  writeFileSync(file, '{\n  "prot": 1,\n  "logDays": 0\n}');
  const faults = [`${file}:3:3: logDays: Too small`, `${file}:2:3: unknown key "prot"; did you mean "port"?`];
  for (const command of [`parcours config check ${file}`, `parcours serve --config ${file} --data ${folder}/data`]) {
    const { code, stdout, stderr } = await runShell(command, { cwd: folder });
    expect([command, code, stdout]).toEqual([command, 1, '']);
    for (const fault of faults) expect(stderr).toContain(fault);
  }
  const { stderr } = await runShell(`parcours config check ${file} --json`, { cwd: folder });
  expect(JSON.parse(stderr)).toMatchObject({
    error: { code: 'configuration' },
    faults: [{ place: `${file}:3:3`, key: 'logDays' }, { place: `${file}:2:3` }],
  });
});

test('what is secret is never shown', async () => {
  const secret = 'whoever-has-this-may-write';
  const webhook = `https://hooks.example/${secret}`;
  writeFileSync(
    join(folder, 'parcours.config.json'),
    JSON.stringify({ alerts: { webhook, allowedHosts: ['hooks.example'] } }),
  );
  for (const flag of ['', ' --json']) {
    const { code, stdout } = await runShell(`parcours config show${flag}`, { cwd: folder });
    expect([code, stdout.includes('alerts.webhook'), stdout.includes(secret)]).toEqual([0, true, false]);
  }
});

test('the program runs on a file of TypeScript in its folder, and on flags of any setting', async () => {
  writeFileSync(join(folder, 'parcours.config.ts'), GUIDE.block('typescript'));
  const args = ['serve', '--json', '--port', '0', '--console-port', '0', '--query-memory-mb', '256', '--data', 'data'];
  const child = startChild(join(commandFolder(), 'parcours'), args, { cwd: folder });
  try {
    const [line] = await child.saw(/^\{.*"collector".*\}$/m);
    const { collector } = JSON.parse(line);
    const headers = { origin: 'https://www.shop.example', 'access-control-request-method': 'POST' };
    expect((await fetch(`${collector}/v1/events`, { method: 'OPTIONS', headers })).status).toBe(204);
  } finally {
    await child.stop();
  }
});
