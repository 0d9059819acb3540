import { execFile } from 'node:child_process';
import { access, chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aBatch, anEvent, PHONE } from '../support/batch.ts';
import { type Child, ROOT, startChild } from '../support/child.ts';
import { childrenOf, isAlive, partOf, until } from '../support/processes.ts';
import { askProgram, rowsWhen } from '../support/program.ts';

const BIN = join(ROOT, 'packages/parcours/dist/bin.js');

let folder: string;
let data: string;
let file: string;
let child: Child | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-backup-'));
  data = join(folder, 'data');
  file = join(folder, 'backup.tar');
  await writeFile(join(folder, 'config.json'), JSON.stringify({ sites: [{ id: 'shop', keys: ['pk_demo'] }] }));
});
afterEach(async () => {
  await killAll();
  await rm(folder, { recursive: true, force: true });
});

async function serve(): Promise<string> {
  const flags = ['--json', '--config', join(folder, 'config.json'), '--port', '0', '--console-port', '0'];
  child = startChild(process.execPath, [BIN, 'serve', ...flags, '--data', data]);
  const [line] = await child.saw(/^\{.*"collector".*\}$/m);
  return (JSON.parse(line) as { collector: string }).collector;
}

/** As a power cut would: parent and children at once, with no time to finish anything. */
async function killAll(): Promise<void> {
  if (!child) return;
  const all = [child.pid, ...childrenOf(child.pid)];
  for (const pid of all) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  }
  await until(() => !all.some(isAlive), 'all processes are gone');
  child = undefined;
}

async function parcours(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [BIN, ...args], { cwd: folder })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

const backUp = (...flags: string[]) => parcours('backup', file, '--data', data, ...flags);

async function post(collector: string, events: readonly unknown[], cookie?: string, visitor = 'visitor-1') {
  const response = await fetch(`${collector}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', 'user-agent': PHONE, ...(cookie && { cookie }) },
    body: JSON.stringify(aBatch(events, { visitor_id: visitor })),
  });
  const answer = (await response.json()) as { results?: { event_id: string; status: string }[]; visitor_id?: string };
  return { response, results: answer.results ?? [], visitorId: answer.visitor_id };
}

describe('a backup under load', () => {
  it('keeps all that was acknowledged before it through a kill and the loss of the data folder', async () => {
    let collector = await serve();
    const { response } = await post(collector, [anEvent()]);
    const cookie = response.headers.get('set-cookie')?.split(';')[0] as string;
    expect(cookie).toMatch(/^pc_shop=/);

    const sent = new Set<string>();
    const acknowledged = new Set<string>();
    let isLoading = true;
    const load = async (): Promise<void> => {
      while (isLoading) {
        const events = Array.from({ length: 20 }, () => anEvent());
        for (const { event_id } of events) sent.add(event_id);
        const { results } = await post(collector, events).catch(() => ({ results: [] }));
        for (const { event_id, status } of results) if (status === 'accepted') acknowledged.add(event_id);
      }
    };
    const loads = Array.from({ length: 8 }, load);
    await until(() => acknowledged.size > 2_000, 'the load is under way');
    // A collector that dies under load leaves a torn tail, and a second segment after it.
    process.kill(partOf((child as Child).pid, 'collector') as number, 'SIGKILL');
    await (child as Child).saw(/the collector killed by SIGKILL/);
    isLoading = false;
    await Promise.all(loads);
    await killAll();
    collector = await serve();
    isLoading = true;
    loads.push(...Array.from({ length: 8 }, load));
    await until(() => acknowledged.size > 4_000, 'the load goes on');

    const before = [...acknowledged];
    const { code, stdout, stderr } = await backUp('--json');
    expect([code, stderr]).toEqual([0, '']);
    const summary = JSON.parse(stdout);
    expect(summary).toMatchObject({ file, secrets: true, positions: [{ log: 'collector-0' }] });
    const known = acknowledged.size;
    await until(() => acknowledged.size > known, 'the collector goes on after the backup');
    await killAll();
    isLoading = false;
    await Promise.all(loads);

    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await parcours('backup', '--verify', file)).code).toBe(0);
    const secrets = await readFile(join(data, 'secrets.json'), 'utf8');
    await rm(data, { recursive: true });
    const restored = await parcours('restore', file, '--data', data, '--json');
    expect(restored).toMatchObject({ code: 0, stderr: '' });
    expect(await readFile(join(data, 'secrets.json'), 'utf8')).toBe(secrets);
    expect((await stat(join(data, 'secrets.json'))).mode & 0o777).toBe(0o600);

    collector = await serve();
    // The same batch as before, as a browser sends it that never heard the answer; and the same visitor.
    const again = before.slice(0, 20).map((event_id) => anEvent({ event_id }));
    await post(collector, again);
    const known_ = await post(collector, [anEvent({ type: 'after_restore' })], cookie, 'visitor-2');
    expect(known_.visitorId).toBe('visitor-1');
    await rowsWhen(
      () => askProgram("SELECT visitor_id FROM events WHERE type = 'after_restore'", { data }),
      (rows) => rows[0]?.visitor_id === 'visitor-1',
    );
    const rows = await askProgram("SELECT event_id FROM events WHERE type = 'page_view'", { data, maxRows: 1_000_000 });
    const stored = rows.map(({ event_id }) => String(event_id));
    expect(new Set(stored).size).toBe(stored.length);
    const there = new Set(stored);
    expect(before.filter((id) => !there.has(id))).toEqual([]);
    expect(stored.filter((id) => !sent.has(id))).toHaveLength(1);
    expect(JSON.parse(restored.stdout).loadedRows).toBeGreaterThanOrEqual(before.length);
  }, 120_000);
});

describe('parcours backup', () => {
  it('declares every file of a running data folder as kept or made again', async () => {
    await post(await serve(), [anEvent(), anEvent({ type: 'Bad' })]);
    await rowsWhen(
      () => askProgram('SELECT 1 FROM events', { data }),
      (rows) => rows.length === 1,
    );
    const { DERIVED, filesUnder, isKept } = await import('../../packages/parcours/src/backup/kept.ts');
    const undeclared = (await filesUnder(data, '')).filter(
      (path) => !isKept(path) && !DERIVED.some((pattern) => pattern.test(path)),
    );
    expect(undeclared).toEqual([]);
  });

  it('goes through a pipe, and refuses to overwrite, to lie in the data folder, and to be made of nothing', async () => {
    await post(await serve(), [anEvent()]);
    const piped = startChild('sh', [
      '-c',
      `node ${BIN} backup - --data ${data} | node ${BIN} restore - --data ${folder}/copy`,
    ]);
    expect((await piped.ended).code).toBe(0);
    expect(piped.output()).toContain('1 from the log');
    expect(await backUp()).toMatchObject({ code: 0 });
    const twice = await backUp('--json');
    expect(twice.code).toBe(1);
    expect(JSON.parse(twice.stderr)).toEqual({
      error: { code: 'exists', message: `${file} is there already; it is not overwritten` },
    });
    const inside = await parcours('backup', join(data, 'b.tar'), '--data', data);
    expect(inside.stderr).toMatch(/lies in the data folder/);
    const nothing = await parcours('backup', join(folder, 'n.tar'), '--data', join(folder, 'none'));
    expect(nothing.stderr).toMatch(/is no data folder/);
    const rebuilt = await parcours('rebuild', '--data', join(folder, 'none'));
    expect(rebuilt).toMatchObject({ code: 1, stderr: expect.stringMatching(/is no data folder/) });
    expect((await readdir(folder)).sort()).toEqual(['backup.tar', 'config.json', 'copy', 'data']);
    const nowhere = await parcours('snapshot', join(folder, 'none', 's.duckdb'), '--data', data);
    expect(nowhere.stderr.split('\n')).toEqual([expect.stringContaining('s.duckdb could not be written'), '']);
  });

  it('tells whoever may not read the data folder so, and not that nothing runs', async () => {
    const root = process.getuid?.() === 0;
    await mkdir(data, { recursive: true });
    await chmod(data, root ? 0o700 : 0);
    const asked = promisify(execFile)(process.execPath, [BIN, 'query', 'SELECT 1', '--data', data], {
      ...(root && { uid: 65_534, gid: 65_534 }),
    });
    await expect(asked).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^parcours: .* may not be read/),
    });
    await chmod(data, 0o700);
  });

  it('leaves nothing half where the disk takes no more', async () => {
    await post(await serve(), [anEvent()]);
    // A limit on the size of a file stands for a full disk: the write fails in the midst of it.
    const limited = startChild('bash', ['-c', `ulimit -f 20; node ${BIN} backup ${file} --data ${data}`]);
    expect((await limited.ended).code).toBe(1);
    expect(limited.output()).toMatch(/^parcours: .*backup\.tar could not be written: EFBIG/);
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'data']);
  });

  it('warns where it leaves the secrets out, and a restore of it makes new ones', async () => {
    await post(await serve(), [anEvent()]);
    const { stderr } = await backUp('--without-secrets');
    expect(stderr).toMatch(/^parcours: without secrets: .*joins with the CRM are lost$/m);
    await killAll();
    await rm(data, { recursive: true });
    expect((await parcours('restore', file, '--data', data, '--no-rebuild')).stderr).toMatch(/without secrets/);
    await serve();
    expect((child as Child).output()).toContain('made new secrets');
    await rowsWhen(
      () => askProgram('SELECT 1 FROM events', { data }),
      (rows) => rows.length === 1,
    );
  });
});

describe('parcours restore', () => {
  it('brings back sites and keys that were made by command', async () => {
    await serve();
    await parcours('site', 'add', 'by-command', '--origin', 'https://shop.example', '--data', data);
    const list = async (): Promise<unknown> =>
      JSON.parse((await parcours('key', 'list', '--data', data, '--json')).stdout);
    const keys = await list();
    expect(JSON.stringify(keys)).toContain('by-command');
    await backUp();
    await killAll();
    await rm(data, { recursive: true });
    expect((await parcours('restore', file, '--data', data)).code).toBe(0);
    // The configuration's own keys are listed too while the program runs.
    await serve();
    expect(await list()).toEqual(keys);
  });

  it('refuses a folder that is used, running, or half restored, and a file that is none', async () => {
    await post(await serve(), [anEvent()]);
    await backUp();
    expect((await parcours('restore', file, '--data', data)).stderr).toMatch(/a parcours \(process \d+\) runs on/);
    await killAll();
    expect((await parcours('restore', file, '--data', data)).stderr).toMatch(/is not empty/);
    const half = join(folder, 'half');
    await mkdir(join(half, '.restoring'), { recursive: true });
    expect((await parcours('restore', file, '--data', half)).stderr).toMatch(/did not come to its end/);
    expect((await parcours('serve', '--data', half, '--port', '0', '--console-port', '0')).stderr).toMatch(
      /did not come/,
    );
    const other = await parcours('restore', join(folder, 'config.json'), '--data', join(folder, 'new'), '--json');
    expect(JSON.parse(other.stderr)).toMatchObject({ error: { code: 'not_a_backup' } });
    await expect(access(join(folder, 'new'))).rejects.toThrow();
    const missing = await parcours('restore', join(folder, 'missing.tar'), '--data', join(folder, 'new'));
    expect(missing.stderr).toMatch(/missing\.tar cannot be read \(ENOENT\)/);
  });
});
