import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runShell } from '../support/shell.ts';

const folder = mkdtempSync(join(tmpdir(), 'parcours-no-folder-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'file');
writeFileSync(file, '');

test.each([
  ['serve --port 0 --console-port 0', 'not_a_folder'],
  ['site list', 'not_a_folder'],
  ['key list', 'not_a_folder'],
  ['query "select 1"', 'not_a_folder'],
  ['tail', 'not_a_folder'],
  ['login', 'not_a_folder'],
  ['failed list', 'not_a_folder'],
  ['rebuild', 'not_a_folder'],
  ['migrate', 'not_a_folder'],
  [`backup ${join(folder, 'backup.tar')}`, 'not_a_folder'],
])('"%s" says in one line that its data folder is a file', async (command, code) => {
  const { code: exit, stdout, stderr } = await runShell(`parcours ${command} --data ${file} --json`, { cwd: folder });
  expect([exit, stdout, stderr.trim().split('\n').length]).toEqual([1, '', 1]);
  expect(JSON.parse(stderr).error).toEqual({ code, message: `${file} is a file; --data names a folder` });
});
