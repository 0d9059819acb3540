import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLog } from './append.ts';
import { writeConfirmed } from './confirm.ts';
import { diskFiles } from './disk.ts';
import type { LogFiles } from './files.ts';
import type { Log, LogGroup, LogOptions } from './log.ts';
import { readLog } from './read.ts';
import { segmentName, segmentPath } from './segment.ts';
import { createVolatileDisk, type Fault, type Operation } from './volatile.ts';

const FOLDER = '/data/log/collector-0';
const record = (n: number, bytes = 20): string => JSON.stringify({ n, pad: 'x'.repeat(bytes) });
const unavailable = { name: 'LogError', code: 'unavailable' };
const overloaded = { name: 'LogError', code: 'overloaded' };

async function numbers(folder: string, files?: LogFiles): Promise<number[]> {
  const found: number[] = [];
  for await (const { records } of readLog(files ? { folder, files } : { folder })) {
    for (const json of records) found.push((JSON.parse(Buffer.from(json).toString()) as { n: number }).n);
  }
  return found;
}

describe('on the disk', () => {
  let root: string;
  let folder: string;
  const logs: Log[] = [];
  const open = async (options?: Partial<LogOptions>): Promise<Log> => {
    const log = await openLog({ folder, ...options });
    logs.push(log);
    return log;
  };

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'parcours-log-'));
    folder = join(root, 'log', 'collector-0');
  });
  afterEach(async () => {
    await Promise.all(logs.splice(0).map((log) => log.close()));
    await rm(root, { recursive: true });
  });

  test('a record is in its segment once its append resolves', async () => {
    const log = await open({ now: () => 1_700_000_000_000 });
    await log.append('{"v":1}');
    expect(await readdir(folder)).toEqual(['001700000000000.log']);
    expect(await readFile(join(folder, '001700000000000.log'), 'utf8')).toMatch(/^[0-9a-f]{8} \{"v":1\}\n$/);
  });

  test('tells of each group once it is on disk, and counts those that failed', async () => {
    let isFull = false;
    const files: LogFiles = {
      ...diskFiles,
      create: async (path) => {
        if (isFull) throw new Error('no space');
        return diskFiles.create(path);
      },
    };
    const log = await open({ files, maxSegmentBytes: 100 });
    const groups: LogGroup[] = [];
    const stop = log.onGroup((group) => groups.push(group));
    await Promise.all([log.append(record(1)), log.append(record(2)), log.append(record(3))]);
    expect(groups).toMatchObject([{ records: 3, bytes: (await stat(segmentPath(folder, log.stats().segment))).size }]);
    expect(groups[0]?.syncMs).toBe(log.stats().lastSyncMs);
    isFull = true;
    await expect(log.append(record(4))).rejects.toMatchObject(unavailable);
    expect([groups.length, log.stats().failedGroups]).toEqual([1, 1]);
    isFull = false;
    stop();
    await log.append(record(5));
    expect(groups).toHaveLength(1);
  });

  test('files and folders are for their owner alone', async () => {
    const log = await open();
    await log.append(record(1));
    expect((await stat(folder)).mode & 0o077).toBe(0);
    expect((await stat(segmentPath(folder, log.stats().segment))).mode & 0o077).toBe(0);
  });

  test('a thousand concurrent appends lie in the order of the calls', async () => {
    const log = await open({ maxSegmentBytes: 5_000 });
    await Promise.all(Array.from({ length: 1_000 }, (_, n) => log.append(record(n))));
    expect(await numbers(folder)).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
  });

  test('a start after an unclean end opens a new segment and leaves the old bytes as they are', async () => {
    const first = await open();
    await first.append(record(1));
    const old = segmentPath(folder, first.stats().segment);
    await appendFile(old, '0badc0de {"n":2,');
    const before = await readFile(old);

    const second = await open({ now: () => 0 });
    await second.append(record(3));
    expect(await readFile(old)).toEqual(before);
    expect(second.stats().segment).toBeGreaterThan(first.stats().segment);
    expect(await numbers(folder)).toEqual([1, 3]);
  });

  test('a number is not used again even if the folder was emptied and the clock went back', async () => {
    const first = await open({ now: () => 5_000 });
    await first.append(record(1));
    await first.close();
    await writeConfirmed(folder, { segment: 5_000, offset: 60 });
    await rm(segmentPath(folder, 5_000));
    const second = await open({ now: () => 4_000 });
    await second.append(record(2));
    expect(second.stats().segment).toBe(5_001);
  });

  test('a folder that cannot be made stops the start', async () => {
    await writeFile(join(root, 'log'), '');
    await expect(open()).rejects.toMatchObject(unavailable);
  });

  test('probing leaves nothing behind, not even what a crash left', async () => {
    const log = await open();
    await writeFile(join(folder, 'probe.tmp'), 'left');
    expect(await Promise.all([log.probe(), log.probe()])).toEqual([true, true]);
    expect(await readdir(folder)).toEqual([]);
  });

  test('a folder that went away is not made anew before the next start: it may be a disk that is not mounted', async () => {
    const log = await open();
    await rm(folder, { recursive: true });
    expect(await log.probe()).toBe(false);
    await expect(log.append(record(1))).rejects.toMatchObject(unavailable);
    const again = await open();
    await again.append(record(2));
    expect(await numbers(folder)).toEqual([2]);
  });
});

describe('on a disk that can fail', () => {
  /** A disk whose next operations can be failed or held back, and a log on it. */
  async function setUp(options: Partial<LogOptions> = {}) {
    const faults = new Map<Operation, Fault>();
    const holds = new Map<Operation, () => Promise<void>>();
    const clock = { wall: 1_000, elapsed: 0 };
    const disk = createVolatileDisk(async (operation) => {
      await holds.get(operation)?.();
      const fault = faults.get(operation);
      faults.delete(operation);
      return fault;
    });
    const files = disk.mount();
    const log = await openLog({
      folder: FOLDER,
      files,
      now: () => clock.wall,
      monotonic: () => clock.elapsed,
      ...options,
    });
    return { faults, holds, clock, disk, files, log };
  }

  /** Holds an operation back until `release`; `reached` resolves when the disk is asked for it. */
  function hold(holds: Map<Operation, () => Promise<void>>, operation: Operation) {
    const { promise: reached, resolve: reach } = deferred();
    const { promise: released, resolve: release } = deferred();
    holds.set(operation, () => {
      holds.delete(operation);
      reach();
      return released;
    });
    return { reached, release };
  }

  function deferred() {
    let resolve = (): void => {};
    const promise = new Promise<void>((it) => {
      resolve = it;
    });
    return { promise, resolve };
  }

  test('what gathers during a sync is one group with one sync', async () => {
    const { holds, log } = await setUp();
    const { reached, release } = hold(holds, 'datasync');
    const first = log.append(record(0));
    await reached;
    const rest = Array.from({ length: 99 }, (_, n) => log.append(record(n + 1)));
    release();
    await Promise.all([first, ...rest]);
    expect(log.stats()).toMatchObject({ groups: 2, records: 100, pendingBytes: 0 });
  });

  test('nothing resolves before its sync', async () => {
    const { holds, log } = await setUp();
    const { reached, release } = hold(holds, 'datasync');
    let isResolved = false;
    const appended = log.append(record(1)).then(() => {
      isResolved = true;
    });
    await reached;
    await new Promise((resolve) => setImmediate(resolve));
    expect(isResolved).toBe(false);
    release();
    await appended;
  });

  test('a failed sync rejects its whole group, and the segment is never touched again', async () => {
    const { faults, files, log } = await setUp();
    await log.append(record(1));
    faults.set('datasync', { code: 'EIO' });
    const group = await Promise.allSettled([log.append(record(2)), log.append(record(3))]);
    expect(group).toMatchObject([{ reason: unavailable }, { reason: unavailable }]);
    expect(log.stats()).toMatchObject({ writable: false, pendingBytes: 0, segment: 1_000 });

    await log.append(record(4));
    expect(log.stats()).toMatchObject({ writable: true, segment: 1_001 });
    expect(await files.list(FOLDER)).toEqual([segmentName(1_000), segmentName(1_001)]);
  });

  test('a torn write ends its segment, and what follows lies in the next', async () => {
    const { faults, files, log } = await setUp();
    await log.append(record(1));
    faults.set('append', { code: 'EIO', written: 25 });
    await expect(log.append(record(2))).rejects.toMatchObject(unavailable);
    await log.append(record(3));
    expect(await numbers(FOLDER, files)).toEqual([1, 3]);
  });

  test('a segment that got bytes but no sync keeps its name, so that its number cannot come back', async () => {
    const { faults, files, log } = await setUp();
    faults.set('datasync', { code: 'EIO' });
    await expect(log.append(record(1))).rejects.toMatchObject(unavailable);
    expect(await files.list(FOLDER)).toEqual([segmentName(1_000)]);
  });

  test('a full disk is unavailable at each try, gathers no files, and is used again once it has room', async () => {
    const { disk, files, log } = await setUp();
    disk.setCapacity(0);
    for (let n = 0; n < 20; n++) await expect(log.append(record(n))).rejects.toMatchObject(unavailable);
    expect(await log.probe()).toBe(false);
    expect(await files.list(FOLDER)).toEqual([]);

    disk.setCapacity(10_000);
    expect(await log.probe()).toBe(true);
    await log.append(record(20));
    expect(await numbers(FOLDER, files)).toEqual([20]);
  });

  test('a disk that hangs is told as one that takes nothing, and asked again once it goes on', async () => {
    const elapsed: (() => void)[] = [];
    const timers = {
      now: () => 0,
      after(_: number, act: () => void) {
        elapsed.push(act);
        return () => undefined;
      },
    };
    const { holds, log } = await setUp({ timers });
    const { reached, release } = hold(holds, 'datasync');
    const [first, second] = [log.probe(), log.probe()];
    await reached;
    for (const act of elapsed.splice(0)) act();
    expect(await Promise.all([first, second])).toEqual([false, false]);
    release();
    await expect.poll(() => log.probe()).toBe(true);
  });

  test('a folder that cannot be synced acknowledges nothing', async () => {
    const { faults, files, log } = await setUp();
    faults.set('syncFolder', { code: 'EIO' });
    await expect(log.append(record(1))).rejects.toMatchObject(unavailable);
    await log.append(record(2));
    expect(await numbers(FOLDER, files)).toEqual([2]);
  });

  test('more than may wait for the disk is refused at once, and one record alone never is', async () => {
    const { holds, log } = await setUp({ maxPendingBytes: 100 });
    const { reached, release } = hold(holds, 'datasync');
    const large = log.append(record(1, 1_000));
    await reached;
    await expect(log.append(record(2))).rejects.toMatchObject(overloaded);
    release();
    await large;
    await log.append(record(3));
    expect(log.stats()).toMatchObject({ records: 2, pendingBytes: 0 });
  });

  test('more than the reader may leave unconfirmed is refused until it confirms', async () => {
    const { clock, files, log } = await setUp({ maxBacklogBytes: 100 });
    await log.append(record(1, 150));
    await expect(log.append(record(2))).rejects.toMatchObject(overloaded);
    expect(await log.probe()).toBe(false);

    await writeConfirmed(FOLDER, { segment: 1_000, offset: log.stats().backlogBytes }, files);
    await expect(log.append(record(3))).rejects.toMatchObject(overloaded);
    clock.elapsed += 1_000;
    await log.append(record(4));
    expect(log.stats().backlogBytes).toBeLessThan(100);
    expect(await log.probe()).toBe(true);
  });

  test('the backlog told falls as the reader confirms, even while nothing is appended', async () => {
    const { clock, files, log } = await setUp();
    await log.append(record(1));
    await writeConfirmed(FOLDER, { segment: 1_000, offset: log.stats().backlogBytes }, files);
    expect(log.stats().backlogBytes).toBeGreaterThan(0);
    clock.elapsed += 1_000;
    await expect.poll(() => log.stats().backlogBytes).toBe(0);
  });

  test('what an earlier start left unconfirmed counts', async () => {
    const { files, log } = await setUp();
    await log.append(record(1, 150));
    await log.close();
    const next = await openLog({ folder: FOLDER, files, maxBacklogBytes: 100 });
    await expect(next.append(record(2))).rejects.toMatchObject(overloaded);
  });

  test('a torn confirmation confirms nothing new and takes nothing back', async () => {
    const { clock, files, log } = await setUp({ maxBacklogBytes: 100 });
    await log.append(record(1, 150));
    await writeConfirmed(FOLDER, { segment: 1_000, offset: log.stats().backlogBytes }, files);
    clock.elapsed += 1_000;
    await log.append(record(2));
    await files.replace(`${FOLDER}/loaded.json`, Buffer.from('{"segment":10'));
    clock.elapsed += 1_000;
    await log.append(record(3));
    expect(log.stats().records).toBe(3);
  });

  test('segments that retention took do not count again when a rebuild confirms from the start', async () => {
    const { clock, files, log } = await setUp({ maxBacklogBytes: 300, maxSegmentBytes: 100 });
    await log.append(record(1, 250));
    await log.append(record(2));
    await writeConfirmed(FOLDER, { segment: 1_001, offset: 0 }, files);
    await files.remove(segmentPath(FOLDER, 1_000));
    clock.elapsed += 1_000;
    await log.append(record(3));
    await writeConfirmed(FOLDER, { segment: 0, offset: 0 }, files);
    clock.elapsed += 1_000;
    await log.append(record(4));
    expect(log.stats().backlogBytes).toBeLessThan(300);
  });

  test('a disk fuller than allowed refuses only while the reader lags by more than a segment', async () => {
    const { clock, disk, files, log } = await setUp({ maxSegmentBytes: 200, maxDiskUse: 0.8 });
    disk.setDiskUse(0.95);
    clock.elapsed += 1_000;
    await log.append(record(1));
    await log.append(record(2, 200));
    await expect(log.append(record(3))).rejects.toMatchObject(overloaded);

    await writeConfirmed(FOLDER, { segment: log.stats().segment, offset: 0 }, files);
    disk.setDiskUse(0.7);
    clock.elapsed += 1_000;
    await log.append(record(4));
    expect(log.stats().records).toBe(3);
  });

  test('a segment is kept within its bytes; a group larger than a segment is one segment', async () => {
    const { files, log } = await setUp({ maxSegmentBytes: 120 });
    for (const n of [1, 2, 3]) await log.append(record(n));
    await log.append(record(4, 500));
    const sizes: number[] = [];
    for (const name of await files.list(FOLDER)) sizes.push(await (await files.open(`${FOLDER}/${name}`)).size());
    expect(sizes).toEqual([92, 46, 526]);
  });

  test('a segment ends with its time, so that a quiet log ages too', async () => {
    const { clock, files, log } = await setUp({ maxSegmentMs: 60_000 });
    await log.append(record(1));
    clock.elapsed += 59_999;
    await log.append(record(2));
    clock.elapsed += 1;
    clock.wall += 60_000;
    await log.append(record(3));
    expect(await files.list(FOLDER)).toEqual([segmentName(1_000), segmentName(61_000)]);
  });

  test("text that is no record is the caller's fault and leaves the log as it is", async () => {
    const { log } = await setUp();
    await expect(log.append('{\n}')).rejects.toThrow(RangeError);
    await log.append(record(1));
    expect(log.stats()).toMatchObject({ records: 1, pendingBytes: 0, writable: true });
  });

  test('closing syncs what waits and refuses what comes later', async () => {
    const { disk, log } = await setUp();
    const appended = Array.from({ length: 10 }, (_, n) => log.append(record(n)));
    await log.close();
    await Promise.all(appended);
    await expect(log.append(record(10))).rejects.toMatchObject({ code: 'closed' });
    expect(await log.probe()).toBe(false);
    disk.crash();
    expect(await numbers(FOLDER, disk.mount())).toHaveLength(10);
  });
});
