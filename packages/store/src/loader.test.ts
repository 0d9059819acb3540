import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDuckDb } from './engines/duckdb.ts';
import type { Engine } from './engines/engine.ts';
import { exampleEvent, exampleRecord } from './engines/example-chunks.ts';
import { createLoader, type Loader, type LoaderOptions } from './loader.ts';
import { openLog } from './log/append.ts';
import { readConfirmed } from './log/confirm.ts';
import type { Log } from './log/log.ts';

describe('the loader', () => {
  let folder: string;
  let logs: string;
  let engine: Engine;
  const opened: Log[] = [];
  const loaders: Loader[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parcours-loader-'));
    logs = join(folder, 'log');
    engine = await openDuckDb({ path: join(folder, 'test.duckdb'), folder, threads: 2 });
  });
  afterEach(async () => {
    await Promise.all(loaders.splice(0).map((loader) => loader.stop()));
    await Promise.all(opened.splice(0).map((log) => log.close()));
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  });

  const write = async (name: string, options: { maxSegmentBytes?: number } = {}): Promise<Log> => {
    await mkdir(logs, { recursive: true });
    const log = await openLog({ folder: join(logs, name), ...options });
    opened.push(log);
    return log;
  };
  const append = (log: Log, from: number, to = from + 1): Promise<void> =>
    log.append(
      JSON.stringify(exampleRecord(Array.from({ length: to - from }, (_, index) => exampleEvent(from + index)))),
    );
  const load = (more: Partial<LoaderOptions> = {}): Loader => {
    const loader = createLoader({ logs, engine, intervalMs: 5, ...more });
    loaders.push(loader);
    return loader;
  };
  const seqs = async (): Promise<unknown[]> =>
    (await engine.query('SELECT seq FROM events ORDER BY seq')).rows.map(([seq]) => seq);
  /** Resolves with the first chunk told that holds this event. */
  const told = (loader: Loader, n: number): Promise<void> =>
    new Promise((resolve) => {
      const unsubscribe = loader.onChunk((records) => {
        if (!records.some((record) => record.events.some(({ seq }) => seq === n))) return;
        unsubscribe();
        resolve();
      });
    });

  it('loads what several logs hold, segment after segment, and tells each how far', async () => {
    const [one, other] = [await write('collector-0', { maxSegmentBytes: 800 }), await write('import')];
    for (let n = 0; n < 6; n++) await append(n % 2 ? one : other, n * 10, n * 10 + 3);
    const loader = load();
    await loader.drain();
    expect(await seqs()).toEqual([0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32, 40, 41, 42, 50, 51, 52]);
    expect((await readdir(join(logs, 'collector-0'))).filter((name) => name.endsWith('.log')).length).toBeGreaterThan(
      1,
    );
    for (const { log, segment, offset } of await engine.positions())
      expect(await readConfirmed(join(logs, log))).toEqual({ segment, offset });
    expect(loader.stats()).toMatchObject({ loadedRows: 18, backlogBytes: 0, badLines: 0 });
  });

  it('follows a live segment, and logs that come later', async () => {
    const loader = load();
    loader.start();
    const log = await write('collector-0');
    for (let n = 0; n < 5; n++) {
      const loaded = told(loader, n);
      await append(log, n);
      await loaded;
    }
    const late = told(loader, 100);
    await append(await write('collector-1'), 100);
    await late;
    expect(await seqs()).toEqual([0, 1, 2, 3, 4, 100]);
  });

  it('goes on where the engine stood, in small pieces too', async () => {
    const log = await write('collector-0');
    await append(log, 1, 50);
    await load().drain();
    for (let n = 50; n < 90; n++) await append(log, n);
    const loader = load({ maxChunkBytes: 1 });
    await loader.drain();
    expect(loader.stats()).toMatchObject({ loadedRows: 40, duplicateRows: 0 });
  });

  it('passes over a damaged line, and reports it once', async () => {
    const log = await write('collector-0');
    for (let n = 1; n <= 3; n++) await append(log, n);
    await log.close();
    const path = join(
      logs,
      'collector-0',
      (await readdir(join(logs, 'collector-0'))).find((file) => file.endsWith('.log'))!,
    );
    const bytes = await readFile(path);
    bytes[bytes.indexOf('\n') + 20] = 0;
    await writeFile(path, bytes);
    const bad: string[] = [];
    const loader = load({ onBad: (name, { reason }) => bad.push(`${name} ${reason}`) });
    await loader.drain();
    await loader.drain();
    expect(await seqs()).toEqual([1, 3]);
    expect(bad).toEqual(['collector-0 checksum']);
    expect(loader.stats()).toMatchObject({ badLines: 1, backlogBytes: 0 });
  });

  it('tries again after a failure of the engine, skips nothing, and shows it meanwhile', async () => {
    const log = await write('collector-0');
    await append(log, 1, 4);
    let down = true;
    // The real engine behind a door that can be shut.
    const failing: Engine = {
      ...engine,
      load: (chunk) => (down ? Promise.reject(new Error('the disk is full')) : engine.load(chunk)),
    };
    const errors: string[] = [];
    let thirdError = (): void => undefined;
    const failedThrice = new Promise<void>((resolve) => {
      thirdError = resolve;
    });
    const loader = load({
      engine: failing,
      intervalMs: 1,
      onError: (error) => {
        errors.push((error as Error).message);
        if (errors.length === 3) thirdError();
      },
    });
    loader.start();
    await failedThrice;
    expect(loader.stats()).toMatchObject({ lastError: 'the disk is full', loadedRows: 0 });
    expect(loader.stats().backlogBytes).toBeGreaterThan(100);
    await expect(loader.drain()).rejects.toThrow('the disk is full');
    const loaded = told(loader, 3);
    down = false;
    await loaded;
    expect(await seqs()).toEqual([1, 2, 3]);
    await loader.drain();
    expect(loader.stats()).toMatchObject({ backlogBytes: 0, loadedRows: 3 });
    expect(loader.stats()).not.toHaveProperty('lastError');
  });

  it('loads the other logs while one cannot be', async () => {
    for (const name of ['a', 'b', 'c']) await append(await write(name), name.charCodeAt(0));
    const failing: Engine = {
      ...engine,
      load: (chunk) => (chunk.log === 'b' ? Promise.reject(new Error('no')) : engine.load(chunk)),
    };
    await expect(load({ engine: failing }).drain()).rejects.toThrow('no');
    expect(await seqs()).toEqual([97, 99]);
  });

  it('is not stopped by a listener that throws', async () => {
    const log = await write('collector-0');
    await append(log, 1);
    const errors: unknown[] = [];
    const loader = load({ onError: (error) => errors.push(error) });
    loader.onChunk(() => {
      throw new Error('mine');
    });
    await loader.drain();
    expect(errors).toHaveLength(1);
    expect(await seqs()).toEqual([1]);
  });

  it('stops after the load in hand, and starts again', async () => {
    const log = await write('collector-0');
    const loader = load();
    loader.start();
    const first = told(loader, 1);
    await append(log, 1);
    await first;
    await loader.stop();
    await append(log, 2);
    expect(await seqs()).toEqual([1]);
    const second = told(loader, 2);
    loader.start();
    await second;
    expect(await seqs()).toEqual([1, 2]);
  });

  it('measures its lag from the last time that it had loaded everything', async () => {
    let now = 1_000_000;
    const timers = { now: () => now, after: () => () => undefined };
    const loader = load({ timers });
    await append(await write('collector-0'), 1);
    now += 5_000;
    expect(loader.stats().lagMs).toBe(5_000);
    await loader.drain();
    expect(loader.stats().lagMs).toBe(0);
  });
});
