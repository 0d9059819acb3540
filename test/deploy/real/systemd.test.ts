import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ROOT } from '../../support/child.ts';

const folder = mkdtempSync(join(tmpdir(), 'parcours-unit-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** systemd looks whether the program is there: here it is Node's own path that stands for it. */
const unit = readFileSync(join(ROOT, 'deploy/systemd/parcours.service'), 'utf8');
const file = join(folder, 'parcours.service');
writeFileSync(file, unit.replace('/usr/bin/parcours', process.execPath));

function analyze(...args: readonly string[]) {
  const { status, stdout, stderr, error } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
  if (error) throw new Error('systemd-analyze is missing; install it: apt-get install systemd');
  return { status, output: `${stdout}${stderr}` };
}

test('systemd takes the unit without a word', () => {
  expect(analyze('verify', file)).toEqual({ status: 0, output: '' });
  const broken = join(folder, 'broken.service');
  writeFileSync(
    broken,
    unit.replace('/usr/bin/parcours', process.execPath).replace('KillMode=mixed', 'KillMode=never'),
  );
  expect(analyze('verify', broken).output).toContain('kill mode');
});

test('the unit is closed as far as Node can be: exposure at most 2.0 of 10', () => {
  const { status, output } = analyze('security', '--offline=true', '--threshold=20', '--no-pager', file);
  expect(output).toMatch(/Overall exposure level for parcours.service: [01]\.\d OK/);
  expect(status).toBe(0);
});

test('systemd takes the nightly backup and its timer without a word', () => {
  const units = ['service', 'timer'].map((kind) => join(ROOT, `deploy/systemd/parcours-backup.${kind}`));
  expect(analyze('verify', ...units)).toEqual({ status: 0, output: '' });
});
