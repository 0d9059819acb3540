import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Policy } from '@parcours/protocol';
import { appendControl } from '@parcours/store/control';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readGuide } from '../support/guide.ts';
import { until } from '../support/processes.ts';
import { type Program, startProgram } from '../support/program.ts';
import { type Ran, runShell } from '../support/shell.ts';

const GUIDE = readGuide('docs/reference/policy.md');

let program: Program;
let folder: string;
beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parcours-policy-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (line: string, data = program.data): Promise<Ran> => runShell(line, { cwd: folder, env: { DATA: data } });
const write = (policy: object, name = 'consent.policy.json'): void =>
  writeFileSync(join(folder, name), JSON.stringify(policy));

/** What the pages of the site get. */
const served = async (): Promise<{ readonly hash: string; readonly choice_days?: number }> =>
  (await fetch(`${program.collector}/v1/policy/shop`)).json() as never;

describe('the guide', () => {
  it.each([
    ['json', 'consent.policy.json'],
    ['typescript', 'consent.policy.ts'],
  ] as const)('its %s is a policy, and is put in force', async (block, name) => {
    const data = join(folder, 'data');
    writeFileSync(join(folder, name), GUIDE.block(block));
    const checked = await run(GUIDE.block('check'), data);
    expect([checked.code, checked.stderr]).toEqual([0, '']);
    expect(checked.stdout).toMatch(/consent\.policy\.\w+: policy 1\.0\.0 \([\w-]{22}\), no fault\n$/);
    const published = await run(GUIDE.block('publish'), data);
    expect(published).toMatchObject({ code: 0, stderr: '' });
    expect(published.stdout).toMatch(/^Policy 1\.0\.0 \([\w-]{22}\) is in force, in place of 0\.0\.0\.$/m);
    expect(published.stdout).toMatch(/^ {2}choice_days +sites\.shop-be +90$/m);
    expect(published.stdout).toMatch(/^ {2}before_choice +countries\.BE +drop$/m);
    const compared = await run(GUIDE.block('diff', { 'consent.policy.json': name }), data);
    expect(compared.stdout).toContain('No rule of any site changes.');
  });
});

it('pages get a policy two seconds after it was published, so that every collector knows it before', async () => {
  const before = await served();
  write({ policy: 1, version: '1.0.0', rules: { choice_days: 90 }, sites: { shop: {} } });
  // Looked at all the while: the commands alone may take longer than pages wait.
  const servedAt = until(async () => (await served()).hash !== before.hash, 'pages to get another').then(Date.now);
  const { stdout } = await run('parcours policy publish --json');
  const { hash, changes } = JSON.parse(stdout);
  expect(changes).toContainEqual({ site: 'shop', rule: 'choice_days', before: 182, after: 90 });
  const { since } = JSON.parse((await run('parcours policy show --json')).stdout);
  const after = (await servedAt) - Date.parse(since);
  expect(after).toBeGreaterThanOrEqual(2_000);
  expect(after).toBeLessThan(5_000);
  expect((await served()).hash).toBe(hash);
  const shown = JSON.parse((await run('parcours policy show --site shop --browser --json')).stdout);
  expect(shown).toEqual(await served());
  expect(shown).toMatchObject({ hash, choice_days: 90 });
});

describe('publishing', () => {
  const policy = (more: object = {}): object => ({ policy: 1, version: '7.0.0', sites: { shop: {} }, ...more });

  it('the same again changes nothing, and a version never says anything else', async () => {
    const data = join(folder, 'data');
    const publish = async () => {
      const { code, stdout, stderr } = await run('parcours policy publish --json', data);
      return { code, ...JSON.parse(stdout || stderr) };
    };
    write(policy());
    expect(await publish()).toMatchObject({ code: 0, version: '7.0.0', published: true });
    expect(await publish()).toMatchObject({ code: 0, version: '7.0.0', published: false, changes: [] });
    write(policy({ rules: { debug: true } }));
    expect(await publish()).toMatchObject({ code: 1, error: { code: 'version_taken' } });
    write(policy({ version: '7.1.0', rules: { debug: true } }));
    expect(await publish()).toMatchObject({ code: 0, published: true, before: { version: '7.0.0' } });
    write(policy());
    const { error } = await publish();
    expect(error).toMatchObject({ code: 'superseded', message: expect.stringContaining('7.1.0 went over it') });
    const { versions } = JSON.parse((await run('parcours policy show --json', data)).stdout);
    expect(versions.map(({ version }: { version: string }) => version)).toEqual(['7.0.0', '7.1.0']);
    expect(JSON.parse((await run('parcours policy show 7.0.0 --json', data)).stdout).policy).toEqual(policy());
  });

  it.each([
    ['7.0.0-rc.1', '7.0.1'],
    ['6.9.9', '7.0.1'],
    ['7.0.0+hotfix', '7.0.1'],
  ])('%s after 7.0.0 is refused: versions only rise', async (version, next) => {
    const data = join(folder, 'data');
    write(policy());
    expect((await run('parcours policy publish', data)).code).toBe(0);
    write(policy({ version, rules: { debug: true } }));
    const { code, stdout, stderr } = await run('parcours policy publish', data);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^parcours: policy [^\n]+ is not higher than 7\.0\.0, in force since [^\n]+\n$/);
    expect(stderr).toContain(`give it a higher version, such as ${next}`);
    write(policy({ version: next, rules: { debug: true } }));
    expect((await run('parcours policy publish', data)).code).toBe(0);
  });

  it('the version of the built-in policy is taken', async () => {
    write(policy({ version: '0.0.0' }));
    const { code, stderr } = await run('parcours policy publish', join(folder, 'data'));
    expect([code, stderr]).toEqual([1, expect.stringContaining('is not higher than 0.0.0, the built-in policy')]);
  });

  it('of two that publish one version at once, one is refused', async () => {
    const data = join(folder, 'data');
    write(policy({ rules: { choice_days: 60 } }), 'a.json');
    write(policy({ rules: { choice_days: 61 } }), 'b.json');
    const ran = await Promise.all(['a', 'b'].map((name) => run(`parcours policy publish ${name}.json --json`, data)));
    expect(ran.map(({ code }) => code).sort()).toEqual([0, 1]);
    expect(ran.map(({ stderr }) => stderr).join('')).toContain('version_taken');
  });
});

it('of a policy of a later program the rules of a site are what collectors make of it: nothing is granted', async () => {
  const data = join(folder, 'data');
  const policy = { policy: 2, version: '8.0.0', zones: [] } as unknown as Policy;
  await appendControl({
    ...{ folder: join(data, 'control'), writer: 'cli' },
    decide: () => [{ kind: 'policy_published', version: '8.0.0', hash: 'h'.repeat(22), policy }],
  });
  const { stdout } = await run('parcours policy show --site shop --json', data);
  expect(JSON.parse(stdout)).toMatchObject({ version: '8.0.0', fault: expect.any(String), rules: { purposes: {} } });
  expect((await run('parcours policy show --site shop', data)).stdout).toContain('this program cannot read it');
});

it('faults are one line each, nothing is published, and the exit code says so', async () => {
  const data = join(folder, 'data');
  writeFileSync(
    join(folder, 'bad.json'),
    '{\n  "policy": 1,\n  "version": "1.0.0",\n  "rules": { "choice_days": 365, "cookie_day": 1 }\n}',
  );
  for (const command of ['check bad.json', 'publish bad.json', 'diff bad.json']) {
    const { code, stdout, stderr } = await run(`parcours policy ${command}`, data);
    expect([command, code, stdout]).toEqual([command, 1, '']);
    expect(stderr).toContain('bad.json:4:14: rules.choice_days: must be at most 182 days in France');
    expect(stderr).toContain('(it is 365) [CNIL délib. 2020-092');
    expect(stderr).toContain('bad.json:4:34: rules.cookie_day: unknown key; did you mean "cookie_days"? (it is 1)');
    expect(stderr.trim().split('\n')).toHaveLength(3);
  }
  const { stderr } = await run('parcours policy check bad.json --json', data);
  expect(JSON.parse(stderr)).toMatchObject({
    error: { code: 'policy_faults' },
    faults: [
      { path: 'rules.cookie_day', value: 1, source: 'policy format 1' },
      { path: 'rules.choice_days', value: 365, place: 'bad.json:4:14' },
    ],
  });
  expect((await run('parcours policy show --json', data)).stdout).toContain('"version":"0.0.0"');
});

it.each([
  ['check', 'has no consent.policy.json: name a file, or write one with: parcours policy init'],
  ['check none.json', 'none.json: cannot be read (ENOENT)'],
  ['show 9.9.9', 'policy 9.9.9 was never published; nothing was published'],
  ['show --browser', '--browser shows what the pages of one site get: name it with --site'],
  ['init --country Belgium', 'must be a country code such as FR'],
])('policy %s is refused with one line', async (call, text) => {
  const { code, stdout, stderr } = await run(`parcours policy ${call}`, join(folder, 'data'));
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^parcours: [^\n]+\n$/);
  expect(stderr).toContain(text);
});

it('a policy to begin with is written once, checked, and not written over', async () => {
  expect(await run('parcours policy init --site shop && parcours policy check')).toMatchObject({ code: 0, stderr: '' });
  expect(await run('parcours policy init --site shop')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('consent.policy.json is there already'),
  });
});
