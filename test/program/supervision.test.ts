import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anEvent, postEvents } from '../support/batch.ts';
import { type Child, ROOT, startChild } from '../support/child.ts';
import { childrenOf, isAlive, until } from '../support/processes.ts';
import { askProgram } from '../support/program.ts';

const BIN = join(ROOT, 'packages/parcours/dist/bin.js');

describe('parcours serve', () => {
  let folder: string;
  let data: string;
  let config: string;
  let child: Child;

  const serve = (...flags: string[]): Child =>
    startChild(process.execPath, [
      BIN,
      'serve',
      '--json',
      '--config',
      config,
      '--data',
      data,
      '--console-port',
      '0',
      ...flags,
    ]);
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
    child = serve('--port', '0');
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

  it('takes its children along when it is killed', async () => {
    child = serve('--port', '0');
    await ready();
    const children = childrenOf(child.pid);
    expect(children).toHaveLength(2);
    process.kill(child.pid, 'SIGKILL');
    await until(() => !children.some(isAlive), 'both children are gone');
  });

  it('drains on SIGTERM: what was acknowledged is there at the next start', async () => {
    child = serve('--port', '0');
    const { collector } = await ready();
    const answers = await Promise.all(Array.from({ length: 50 }, () => postEvents(collector, [anEvent()])));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    process.kill(child.pid, 'SIGTERM');
    expect(await child.ended).toEqual({ code: 0, signal: null });
    child = serve('--port', '0');
    await ready();
    await until(
      async () => (await askProgram('SELECT count(*) AS n FROM events', { data }))[0]?.n === 50,
      'all 50 are rows',
    );
  });

  it('says in one line that its port is in use, or its data folder', async () => {
    child = serve('--port', '0');
    const { collector } = await ready();
    const port = new URL(collector).port;
    const rival = startChild(process.execPath, [
      BIN,
      'serve',
      '--config',
      config,
      '--data',
      join(folder, 'other'),
      '--port',
      port,
    ]);
    expect((await rival.ended).code).toBe(1);
    expect(rival.output()).toContain(`parcours: port ${port} is in use`);
    const twin = serve('--port', '0');
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
