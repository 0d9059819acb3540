import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anEvent, postEvents } from '../support/batch.ts';
import { BIN, type Child, startChild } from '../support/child.ts';
import { childrenOf, isAlive, until } from '../support/processes.ts';
import { askProgram } from '../support/reader.ts';
import { spawnServe } from '../support/serve.ts';

describe('parcours serve', () => {
  let folder: string;
  let data: string;
  let config: string;
  let child: Child;

  const start = (...flags: string[]): Child => spawnServe({ data, config, flags });
  const ready = async (): Promise<{ collector: string; console: string }> => {
    const [line] = await child.saw(/^\{"collector".*\}$/m);
    return JSON.parse(line);
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parcours-test-'));
    data = join(folder, 'data');
    config = join(folder, 'config.json');
    await writeFile(config, JSON.stringify({ sites: [{ id: 'shop', keys: ['pk_demo'] }] }));
  });
  afterEach(async () => {
    await child?.stop('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  it('starts a dead collector and a dead reader again, and loses nothing acknowledged', async () => {
    child = start();
    const { collector } = await ready();
    const [first, second] = childrenOf(child.pid) as [number, number];
    expect((await postEvents(collector, [anEvent()])).status).toBe(200);
    process.kill(first, 'SIGKILL');
    process.kill(second, 'SIGKILL');
    await child.saw(/the collector killed by SIGKILL/);
    await child.saw(/the reader killed by SIGKILL/);
    // A free port was asked for, so the collector may come back on another; the reader's address is told anew too.
    await until(async () => childrenOf(child.pid).length === 2, 'two children again');
    await until(async () => {
      const rows = await askProgram('SELECT count(*) AS n FROM events', { data }).catch(() => []);
      return rows[0]?.n === 1;
    }, 'the event is a row');
  });

  it.runIf(existsSync('/proc/self/autogroup'))('lets the reader step back, with its whole session', async () => {
    child = start();
    await ready();
    const groups = childrenOf(child.pid).map((pid) => readFileSync(`/proc/${pid}/autogroup`, 'utf8'));
    expect(groups.map((group) => /nice (\d+)/.exec(group)?.[1]).sort()).toEqual(['0', '10']);
  });

  it('takes its children along when it is killed', async () => {
    child = start();
    await ready();
    const children = childrenOf(child.pid);
    expect(children).toHaveLength(2);
    process.kill(child.pid, 'SIGKILL');
    await until(() => !children.some(isAlive), 'both children are gone');
  });

  it('drains on SIGTERM: what was acknowledged is there at the next start', async () => {
    child = start();
    const { collector } = await ready();
    const answers = await Promise.all(Array.from({ length: 50 }, () => postEvents(collector, [anEvent()])));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    process.kill(child.pid, 'SIGTERM');
    expect(await child.ended).toEqual({ code: 0, signal: null });
    child = start();
    await ready();
    await until(
      async () => (await askProgram('SELECT count(*) AS n FROM events', { data }))[0]?.n === 50,
      'all 50 are rows',
    );
  });

  it('says in one line that its port is in use, or its data folder', async () => {
    child = start();
    const { collector } = await ready();
    const port = new URL(collector).port;
    const rival = spawnServe({ data: join(folder, 'other'), config, flags: ['--port', port] });
    expect((await rival.ended).code).toBe(1);
    expect(rival.output()).toContain(`parcours: port ${port} is in use`);
    const twin = start();
    expect((await twin.ended).code).toBe(1);
    expect(twin.output()).toContain(`runs on ${data}`);
  });

  it.each([
    [{ prot: 1 }, [], /unknown key "prot"/],
    [{ sites: [{ id: 'shop', keys: 'pk' }] }, [], /sites\[0\]\.keys/],
    [{}, ['--port', 'http'], /flag --port: must be a whole number from 0 to 65535 \(it is "http"\)/],
    [{}, ['--porte', '1'], /unknown option '--porte'/],
  ])('stops at a wrong setting: %j %j', async (content, flags, message) => {
    await writeFile(config, JSON.stringify(content));
    child = startChild(process.execPath, [BIN, 'serve', '--config', config, '--data', data, ...flags]);
    expect((await child.ended).code).toBe(1);
    expect(child.output()).toMatch(message);
    expect(child.output().split('\n')[0]).toMatch(message);
  });
});
