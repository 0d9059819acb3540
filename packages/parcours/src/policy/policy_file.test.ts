import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readPolicyFile } from './policy_file.ts';
import { startingPolicy } from './starting_policy.ts';
import { faultLine } from './told_faults.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-policy-file-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
};

it.each([
  ['consent.policy.json', '{ "policy": 1, "version": "1.0.0" }'],
  ['consent.policy.ts', 'const version: string = "1.0.0";\nexport default { policy: 1, version };'],
  ['p.mts', "import { definePolicy } from 'parcours';\nexport default definePolicy({ policy: 1, version: '1.0.0' });"],
  ['p.mjs', 'export default Promise.resolve({ policy: 1, version: "1.0.0" });'],
])('reads %s', async (name, text) => {
  const path = await write(name, text);
  expect(await readPolicyFile(path)).toEqual({ path, policy: { policy: 1, version: '1.0.0' } });
});

it('tells every fault with line and column', async () => {
  const path = await write('p.json', '{\n  "policy": 1,\n  "rules": { "choice_days": 365 },\n  "verson": "1.0.0"\n}');
  const { faults = [] } = await readPolicyFile(path);
  expect(faults.map(faultLine)).toEqual([
    `${path}:1:1: version: must be a semantic version such as 1.0.0, at most 64 characters [Semantic Versioning 2.0.0]`,
    `${path}:4:3: verson: unknown key; did you mean "version"? (it is "1.0.0") [policy format 1]`,
    `${path}:3:14: rules.choice_days: must be at most 182 days in France: a choice, yes or no, is asked again after about six months (it is 365) [CNIL délib. 2020-092 (choices kept six months)]`,
  ]);
});

it.each([
  ['no JSON', '{ "policy": 1, }', /p\.json:1:\d+: is not JSON/],
  ['nothing', '', /p\.json:1:1: is not JSON/],
  ['a key twice', '{ "policy": 1,\n "policy": 1 }', /p\.json:2:2: the key "policy" stands twice/],
  ['another file', `"${'x'.repeat(1_100_000)}"`, /p\.json: must be at most 1024 KB/],
])('a file with %s is one line', async (_, text, message) => {
  await expect(readPolicyFile(await write('p.json', text))).rejects.toThrow(message);
});

it('a file of endless nesting is one line or one fault, and no crash', async () => {
  const path = await write('p.json', `{"rules":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`);
  const told = await readPolicyFile(path).then(
    ({ faults }) => faults?.map(({ rule }) => rule).join(),
    (error: Error) => error.message,
  );
  expect(told).toMatch(/nested/);
});

it('code that fails is one line', async () => {
  const path = await write('p.ts', "throw new Error('no');");
  await expect(readPolicyFile(path)).rejects.toThrow(`${path}: no`);
});

it.each([
  ['consent.policy.json', false],
  ['consent.policy.ts', true],
])('a policy to begin with, as %s, has no fault', async (name, isCode) => {
  const { text = '' } = startingPolicy({ country: 'BE', sites: ['shop-be'], isCode });
  const { policy } = await readPolicyFile(await write(name, text));
  expect(policy).toMatchObject({ version: '1.0.0', country: 'BE', sites: { 'shop-be': {} } });
  expect(text.includes('// ')).toBe(isCode);
});

it('a policy to begin with is not made of what is wrong', () => {
  expect(startingPolicy({ country: 'Belgium', sites: [], isCode: false }).faults?.[0]).toContain('country code');
  expect(startingPolicy({ country: 'FR', sites: ['Shop'], isCode: false }).faults?.[0]).toContain('id of a site');
});
