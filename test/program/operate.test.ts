import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anEvent, postEvents } from '../support/batch.ts';
import { openVisit } from '../support/browser.ts';
import { type Child, startChild } from '../support/child.ts';
import { freePort } from '../support/free_port.ts';
import { readGuide } from '../support/guide.ts';
import { servePage } from '../support/page.ts';
import { until } from '../support/processes.ts';
import { askProgram, rowsWhen } from '../support/program.ts';
import { commandFolder, runShell } from '../support/shell.ts';

/**
 * The operator's guide from its first step to its last, as it is written, in one go: from nothing to a shop that is seen live,
 * through a disk that is full, to a folder that is destroyed and restored.
 */
const GUIDE = readGuide('docs/operate.md');

/** A disk of its own needs a mount, and that root: elsewhere the step with the full disk is left out. CI is root. */
const hasOwnDisk = process.platform === 'linux' && process.getuid?.() === 0;
const DISK_MB = 2_500;

const root = mkdtempSync(join(tmpdir(), 'parcours-operate-'));
const data = join(root, 'data');
const backup = join(root, 'parcours.tar');
let ports: { collector: number; console: number };
let collector: string;
let serving: Child;

beforeAll(async () => {
  mkdirSync(data);
  if (hasOwnDisk) execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m,mode=0700`, 'tmpfs', data]);
  ports = { collector: await freePort(), console: await freePort() };
  collector = `http://127.0.0.1:${ports.collector}`;
});
afterAll(async () => {
  await serving?.stop();
  if (hasOwnDisk) execFileSync('umount', ['--lazy', data]);
  rmSync(root, { recursive: true, force: true });
});

/** A block of the guide with this run's places, as its reader would run it. */
const step = (name: string, replacements: Readonly<Record<string, string>> = {}) =>
  runShell(GUIDE.block(name, replacements), { cwd: root, env: { DATA: data } });

async function start(): Promise<void> {
  const text = GUIDE.block('start', { '/var/lib/parcours': data });
  const env = {
    PATH: `${commandFolder()}:${process.env.PATH}`,
    PORT: String(ports.collector),
    CONSOLE_PORT: String(ports.console),
  };
  serving = startChild('sh', ['-ec', text], { cwd: root, env });
  await serving.saw(/Ready\. Ctrl-C stops\./);
}

const storedIds = async (): Promise<readonly string[]> => {
  const rows = await askProgram('select distinct event_id from events order by event_id', { data });
  return rows.map(({ event_id }) => String(event_id));
};

/** Everything that was acknowledged. */
const acknowledged = new Set<string>();

async function send(key: string): Promise<number> {
  const event_id = randomUUID();
  const answer = await postEvents(collector, [anEvent({ event_id })], { key });
  if (answer.status === 200) {
    const { results } = (await answer.json()) as { results: { status: string }[] };
    if (results[0]?.status === 'accepted') acknowledged.add(event_id);
  }
  return answer.status;
}

test('the guide, from nothing to a restored shop', async () => {
  expect(GUIDE.block('install')).toBe('npm install --global parcours');
  await start();

  // Add a site, point the shop at it: the page holds what the command printed, and no more than the guide says.
  let html = '';
  const shop = await servePage(() => html);
  const added = await step('site', { 'https://www.shop.example': shop.origin });
  expect([added.code, added.stderr]).toEqual([0, '']);
  const key = added.stdout.match(/data-key="([^"]+)"/)?.[1] as string;
  const scripts = added.stdout.match(/^<script.*<\/script>$/gm)?.join('\n');
  html = `<!doctype html><html lang="en"><head><title>Boots</title><link rel="icon" href="data:,">${scripts}${GUIDE.block('consent')}</head></html>`;

  // The collector hears of a site within a second; an operator takes longer to go from the terminal to a page.
  const site = added.stdout.match(/data-site="([^"]+)"/)?.[1];
  await until(async () => (await fetch(`${collector}/v1/policy/${site}`)).ok, 'the collector knows the site');

  // See it live, in the terminal and in the console.
  const tail = startChild('sh', ['-c', GUIDE.block('live')], {
    cwd: root,
    env: { PATH: `${commandFolder()}:${process.env.PATH}`, DATA: data },
  });
  try {
    const visit = await openVisit();
    await visit.page.goto(`${shop.origin}/boots`);
    await tail.saw(/ shop +accepted +page_view +\/boots$/m);
    expect(visit.faults).toEqual([]);
    const operator = await openVisit();
    const link = (await step('login')).stdout.trim();
    await operator.page.goto(link);
    expect(await operator.page.locator('h1').count()).toBe(1);
    await operator.page.goto(`http://127.0.0.1:${ports.console}/live`);
    await operator.page.getByText('/boots').first().waitFor();
    expect(operator.faults).toEqual([]);
  } finally {
    await tail.stop('SIGINT');
    await shop.stop();
  }
  for (const { event_id } of await rowsWhen(
    () => askProgram('select event_id from events', { data }),
    (rows) => rows.length > 0,
  ))
    acknowledged.add(String(event_id));

  // The doctor and the metrics of a sound installation.
  const sound = await step('doctor');
  expect([sound.code, sound.stdout]).toEqual([0, expect.not.stringMatching(/^RED/m)]);
  const metrics = () =>
    step('metrics', { ':8787': `:${ports.collector}`, ':8788': `:${ports.console}` }).then(({ stdout }) => stdout);
  expect(await metrics()).toMatch(/^parcours_log_writable 1$/m);
  expect(await metrics()).toMatch(/^parcours_loader_lag_seconds /m);
  for (let n = 0; n < 20; n++) expect(await send(key)).toBe(200);

  if (hasOwnDisk) {
    // Break the disk: nothing is promised, and whoever looks is told why.
    const filler = join(data, 'filler');
    execFileSync('sh', ['-c', `dd if=/dev/zero of=${filler} bs=1M 2>/dev/null || true`]);
    await until(async () => (await send(key)) === 503, 'the collector refuses');
    expect((await fetch(`${collector}/readyz`)).status).toBe(503);
    expect(await metrics()).toMatch(/^parcours_log_writable 0$/m);
    const broken = await step('doctor');
    expect(broken.code).toBe(1);
    expect(broken.stdout).toMatch(/^RED +disk +.*free/m);
    expect(broken.stdout).toContain(`make room on ${data}`);
    // Room again: it goes on by itself.
    rmSync(filler);
    await until(async () => (await send(key)) === 200, 'the collector takes events again');
    expect((await fetch(`${collector}/readyz`)).status).toBe(200);
  }

  // Back up while it runs and receives; then everything is gone.
  expect(await send(key)).toBe(200);
  const promised = new Set(acknowledged);
  const written = await step('backup', { '/var/backups/parcours.tar': backup });
  expect([written.code, written.stdout]).toEqual([0, expect.stringContaining(backup)]);
  expect(await send(key)).toBe(200);
  await serving.stop('SIGKILL');
  for (const name of readdirSync(data)) rmSync(join(data, name), { recursive: true });

  // Restore: site and key too, which lie nowhere else.
  const restored = await step('restore', { '/var/backups/parcours.tar': backup, '/var/lib/parcours': data });
  expect([restored.code, restored.stderr.includes('parcours:')]).toEqual([0, false]);
  await start();
  const there = await rowsWhen(storedIds, (ids) => ids.length >= promised.size);
  expect([...promised].filter((id) => !there.includes(id))).toEqual([]);
  const twice = await askProgram('select event_id from events group by event_id having count(*) > 1', { data });
  expect(twice).toEqual([]);
  expect(await send(key)).toBe(200);

  // Upgrade: nothing to migrate from this version to itself.
  const upgrade = GUIDE.block('upgrade', { '/var/backups/before-upgrade.tar': join(root, 'before.tar') });
  expect(upgrade).toContain('npm install --global parcours@latest');
  const upgraded = await runShell(upgrade.replace(/^npm install.*$/m, ''), { cwd: root, env: { DATA: data } });
  expect([upgraded.code, upgraded.stdout]).toEqual([0, expect.stringMatching(/nothing to do|format \d/i)]);
}, 180_000);
