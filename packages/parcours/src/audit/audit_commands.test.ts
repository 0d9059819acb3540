import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runProgram } from '../testing/run_program.ts';

let root: string;
let data: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'parcours-audit-'));
  data = join(root, 'data');
});
afterEach(() => rm(root, { recursive: true }));

const parcours = (...args: string[]) => runProgram(...args, '--data', data);
const listed = async (...args: string[]) =>
  JSON.parse((await parcours('audit', 'list', '--json', ...args)).out).entries as { action: string; about: object }[];

/** A site, a console secret rotated and revoked, a policy. */
async function decide(): Promise<void> {
  const policy = join(root, 'consent.policy.json');
  await parcours('site', 'add', 'shop-fr', '--origin', 'https://shop.example');
  const { key } = JSON.parse((await parcours('key', 'create', '--console', 'privacy', '--json')).out);
  const { key: fresh } = JSON.parse((await parcours('key', 'rotate', key.id, '--json')).out);
  await parcours('key', 'revoke', fresh.id);
  await runProgram('policy', 'init', policy);
  const published = await parcours('policy', 'publish', policy);
  expect(published).toMatchObject({ code: 0, error: '' });
  await parcours('site', 'remove', 'shop-fr');
}

test('what the command line decides on sites, keys and policies is in the audit log, and no secret is', async () => {
  await decide();
  expect((await listed()).map(({ action }) => action)).toEqual([
    'site_added',
    'key_created',
    'key_created',
    'key_created',
    'key_expires',
    'key_revoked',
    'policy_published',
    'site_removed',
  ]);
  expect(await listed('--action', 'key_expires')).toHaveLength(1);
  const text = JSON.stringify(await listed());
  expect(text).not.toMatch(/"(pc|sk)_/);
  expect((await parcours('audit', 'list')).out).toMatch(/cli +policy_published +done +version=/);
  expect((await parcours('audit', 'verify')).out).toContain('All 8 entries are as they were written.');
});

test('what is refused decides nothing, and is no entry', async () => {
  expect((await parcours('key', 'revoke', 'k_none')).code).toBe(1);
  expect(await listed()).toEqual([]);
  expect((await parcours('audit', 'list')).out).toBe('There is no such entry.\n');
});

test('verify names an altered entry, a deleted one, and with heads an end that was cut off', async () => {
  await decide();
  const folder = join(data, 'audit', 'cli');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.log')).sort();
  const path = join(folder, names[3] as string);
  const whole = await readFile(path);
  const heads = join(root, 'heads.json');
  await writeFile(heads, (await parcours('audit', 'verify', '--json')).out);

  await writeFile(path, whole.toString().replace('"by":"cli"', '"by":"oli"'));
  const altered = await parcours('audit', 'verify');
  expect(altered.code).toBe(1);
  expect(altered.out).toContain(`cli/${names[3]} at byte 0: the line was altered: its checksum does not fit`);

  await rm(path);
  const deleted = await parcours('audit', 'verify', '--json');
  expect(deleted.code).toBe(1);
  expect(JSON.parse(deleted.out).faults).toMatchObject([{ writer: 'cli', segment: 5, fault: 'gap' }]);

  await writeFile(path, whole);
  await rm(join(folder, names.at(-1) as string));
  expect((await parcours('audit', 'verify')).code).toBe(0);
  const cut = await parcours('audit', 'verify', '--heads', heads);
  expect(cut.code).toBe(1);
  expect(cut.out).toContain('the chain ends before the head given');
});

test.each<[string, string[], string]>([
  ['an unknown action', ['list', '--action', 'tea'], '--action must be one of policy_published,'],
  ['no time', ['list', '--since', 'soon'], '--since must be a time'],
  ['no heads', ['verify', '--heads', 'no-such-file'], '--heads: no-such-file cannot be read (ENOENT)'],
])('%s is refused in one line', async (_, args, message) => {
  await parcours('site', 'add', 'shop-fr');
  const { code, error } = await parcours('audit', ...args);
  expect([code, error]).toEqual([1, expect.stringContaining(message)]);
});
