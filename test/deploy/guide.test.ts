import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { BIN, ROOT } from '../support/child.ts';
import { readGuide } from '../support/guide.ts';
import { startProgram } from '../support/program.ts';

/** What of the guide runs without a container engine and without becoming a service of this machine. */
const GUIDE = readGuide('docs/operate/deploy.md');

const folder = mkdtempSync(join(tmpdir(), 'parcours-deploy-guide-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(['systemd', 'compose', 'compose-exec'])(
  'the commands of "%s" are shell, and every file of ours in them is there',
  (name) => {
    const text = GUIDE.block(name);
    expect(spawnSync('sh', ['-n'], { input: text }).status).toBe(0);
    const files = text.match(/deploy\/[\w./-]+/g) ?? [];
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  },
);

test('the service finds what the commands put in place', () => {
  const unit = readFileSync(join(ROOT, 'deploy/systemd/parcours.service'), 'utf8');
  const commands = GUIDE.block('systemd');
  for (const place of ['/etc/parcours/parcours.config.json', '/var/lib/parcours']) {
    expect(commands).toContain(place);
    expect(unit).toContain(place);
  }
  expect(unit).toMatch(/^User=parcours$/m);
});

test('the program takes the setting for a proxy in front', async () => {
  const program = await startProgram({ config: JSON.parse(GUIDE.block('trust-proxy')) });
  expect((await fetch(`${program.collector}/readyz`)).status).toBe(200);
  await program.stop();
});

test('the bench measures a disk, leaves nothing there, and says how much is needed', () => {
  const written = GUIDE.block('bench', { '/var/lib/parcours': folder });
  const [name, ...args] = written.split(' ') as [string, ...string[]];
  expect(name).toBe('parcours');
  const text = execFileSync(process.execPath, [BIN, ...args, '--seconds', '1'], { encoding: 'utf8' });
  expect(text).toMatch(/^Received {3}[\d,]+ events a second/);
  expect(text).toMatch(/1,000,000 events a day, log for 7 days, data for 760: [\d,]+ GB/);
  expect(execFileSync('ls', ['-A', folder], { encoding: 'utf8' })).toBe('');
  const nowhere = spawnSync(process.execPath, [BIN, 'bench', '--on', join(folder, 'no'), '--json'], {
    encoding: 'utf8',
  });
  expect([nowhere.status, JSON.parse(nowhere.stderr).error.code]).toEqual([1, 'bad_flag']);
});
