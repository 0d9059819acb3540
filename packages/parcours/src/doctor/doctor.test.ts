import { chmod, chown, mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeRunFile } from '../run_file.ts';
import type { Space } from './probes/space.ts';
import { syncTimes } from './probes/sync_times.ts';
import { type Installation, lineOf, linesOf, openInstallation, troublesOf } from './testing/installation.ts';

let installation: Installation;
const open = async (): Promise<void> => {
  installation = await openInstallation();
  await installation.send(3);
};
/** One for all tests of a block that leave it as it was. */
const share = (): void => {
  beforeAll(open);
  afterAll(() => installation.close());
};
/** One for each test of a block that breaks it for good. */
const renew = (): void => {
  beforeEach(open);
  afterEach(() => installation.close());
};

const DISK = { type: 'ext4', mount: '/', source: '/dev/vda', isReadOnly: false, kind: 'disk' } as const;
const ROOMY: Space = { freeBytes: 5e11, freeShare: 0.6, freeInodeShare: 0.9 };

describe('a sound installation', () => {
  share();

  it('has nothing wrong', async () => {
    const lines = await linesOf(await installation.context());
    for (const { check, verdict, found } of Object.values(lines)) expect([check, verdict, found]).not.toContain('red');
    expect(await troublesOf(await installation.context())).toEqual({});
  });
});

describe('running', () => {
  renew();

  it('tells what was stopped from what crashed', async () => {
    await Promise.all([installation.crash('collector'), installation.crash('reader')]);
    const { running } = await linesOf(await installation.context());
    expect(running).toMatchObject({ verdict: 'red', faults: [{ code: 'crashed' }] });
    expect(running?.faults[0]?.fix).toContain(`parcours serve --data ${installation.folder.root}`);
    await rm(installation.folder.run);
    expect((await linesOf(await installation.context())).running).toMatchObject({
      verdict: 'warning',
      faults: [{ code: 'stopped' }],
    });
  });

  it('names the part that is down', async () => {
    await installation.crash('collector');
    expect(await troublesOf(await installation.context())).toEqual({ running: 'red collector_down' });
  });

  it('names the reader that is down', async () => {
    await installation.crash('reader');
    expect((await troublesOf(await installation.context())).running).toBe('red reader_down');
  });

  it('tells of restarts within the hour, and how often', async () => {
    const context = await installation.context();
    const dead = (minutes: number) => ({
      at: new Date(Date.now() - minutes * 60_000).toISOString(),
      ...{ role: 'reader', cause: 'killed by SIGKILL' },
    });
    const with_ = (restarts: readonly ReturnType<typeof dead>[]) => ({
      ...context,
      run: { ...context.run!, restarts },
    });
    expect(await troublesOf(with_([dead(90), dead(61)]))).toEqual({});
    expect(await troublesOf(with_([dead(90), dead(20)]))).toEqual({ running: 'warning restarted' });
    expect(await troublesOf(with_([5, 4, 3, 2, 1].map(dead)))).toEqual({ running: 'red restarting' });
  });

  it('takes no other program on the same port for this one', async () => {
    const { run } = await installation.context();
    await writeRunFile(installation.folder.run, { ...run!, instance: 'another' });
    expect((await troublesOf(await installation.context())).running).toBe('red reader_down');
  });
});

describe('configuration', () => {
  share();

  it('shows the fault of the file, and goes on', async () => {
    const configFault = 'parcours.config.json: sites[0].keys: too small';
    expect(await troublesOf(await installation.context({ configFault }))).toEqual({ configuration: 'red invalid' });
  });

  it('tells that the file was changed after the start', async () => {
    const configFile = join(installation.folder.root, 'parcours.config.json');
    await writeFile(configFile, '{}', { mode: 0o600 });
    expect(await troublesOf(await installation.context({ configFile }))).toEqual({ configuration: 'warning changed' });
  });
});

describe('secrets', () => {
  renew();

  it('must be closed to others, and stay as they are found', async () => {
    await chmod(installation.folder.secrets, 0o644);
    const context = await installation.context();
    expect(await troublesOf(context)).toEqual({ secrets: 'red open' });
    const { secrets } = await linesOf(context);
    expect(secrets?.faults[0]).toMatchObject({ fix: `chmod 600 ${installation.folder.secrets}` });
    expect(secrets?.found).toContain('0644');
  });

  it('must be there once there is data', async () => {
    await rm(installation.folder.secrets);
    expect((await linesOf(await installation.context())).secrets).toMatchObject({ faults: [{ code: 'missing' }] });
  });

  it('must be whole', async () => {
    await writeFile(installation.folder.secrets, '{"cookie":"x"}');
    const { secrets } = await linesOf(await installation.context());
    expect(secrets).toMatchObject({ verdict: 'red', faults: [{ code: 'unreadable' }] });
  });

  it.runIf(process.getuid?.() === 0)("must be the data's owner's", async () => {
    await chown(installation.folder.secrets, 65_534, 65_534);
    expect(await troublesOf(await installation.context())).toEqual({ secrets: 'warning owner' });
  });
});

describe('file-system', () => {
  share();

  it.each([
    ['nfs4', 'network', 'red network'],
    ['overlay', 'container', 'warning container'],
    ['tmpfs', 'memory', 'warning memory'],
    ['fuse.odd', 'unknown', 'warning unknown'],
  ] as const)('%s: %s', async (type, kind, trouble) => {
    const fileSystem = async () => ({ ...DISK, type, kind, mount: '/srv' });
    const context = await installation.context({ probes: { fileSystem } });
    expect(await troublesOf(context)).toEqual({ 'file-system': trouble });
    expect((await linesOf(context))['file-system']?.faults[0]?.fix).not.toContain('{');
  });

  it('tells what cannot be written', async () => {
    const fileSystem = async () => ({ ...DISK, isReadOnly: true });
    expect(await troublesOf(await installation.context({ probes: { fileSystem } }))).toEqual({
      'file-system': 'red read_only',
    });
  });
});

describe('disk', () => {
  share();

  it.each([
    [{ freeBytes: 4e9, freeShare: 0.04 }, 'red full'],
    [{ freeBytes: 5e8, freeShare: 0.5 }, 'red full'],
    [{ freeShare: 0.15 }, 'warning low'],
    [{ freeInodeShare: 0.01 }, 'red inodes'],
  ])('%j', async (less, trouble) => {
    const space = async () => ({ ...ROOMY, ...less });
    expect(await troublesOf(await installation.context({ probes: { space } }))).toEqual({ disk: trouble });
  });

  it("counts the days that are left at the log's pace", async () => {
    const day = 86_400_000;
    const log = join(installation.folder.logs, 'import-0');
    await mkdir(log, { recursive: true });
    const name = `${String(Date.now() - 2 * day).padStart(15, '0')}.log`;
    await writeFile(join(log, name), Buffer.alloc(2_000_000));
    const space = async () => ({ ...ROOMY, freeBytes: 2 * 1024 ** 3 });
    const context = await installation.context({ probes: { space } });
    const before = await lineOf(context, 'disk');
    expect(before).toMatchObject({ verdict: 'ok' });
    expect(before?.found).toContain('grows by 1.0 MB a day: room for 21');
    await truncate(join(log, name), 600_000_000);
    expect(await lineOf(context, 'disk')).toMatchObject({
      verdict: 'warning',
      faults: [{ code: 'days_left', found: expect.stringContaining('room for 7 days') }],
    });
    await rm(log, { recursive: true });
  });
});

describe('fsync', () => {
  share();

  it.each([
    [0.0006, 'warning lies'],
    [30, 'warning slow'],
    [150, 'red unusable'],
  ])('of %f ms: %s', async (ms, trouble) => {
    const syncTimes = () => Array.from({ length: 200 }, () => ms);
    expect(await troublesOf(await installation.context({ probes: { syncTimes } }))).toEqual({ fsync: trouble });
  });

  it('measures the disk for what it is: memory is no disk', async () => {
    const shm = await installation.context({ probes: { syncTimes: () => syncTimes('/dev/shm') } });
    expect(await troublesOf(shm)).toEqual({ fsync: 'warning lies' });
    const real = await linesOf(await installation.context({ probes: { syncTimes } }));
    expect(real.fsync?.found).toMatch(/^p50 .* of \d+ syncs/);
  });

  it('says where nothing can be written', async () => {
    const gone = join(installation.folder.root, 'gone');
    const context = await installation.context({ probes: { syncTimes: () => syncTimes(gone) } });
    expect(await troublesOf(context)).toEqual({ fsync: 'red impossible' });
  });
});

describe('clock', () => {
  share();

  const later = (ms: number) => ({ now: () => Date.now() + ms });

  it('must be kept right by something', async () => {
    const clockSynchronised = async () => false;
    expect(await troublesOf(await installation.context({ probes: { clockSynchronised } }))).toEqual({
      clock: 'warning unsynchronised',
    });
  });

  it('that went back is behind the log', async () => {
    const context = await installation.context({ probes: later(-3_600_000) });
    expect(await troublesOf(context)).toEqual({ clock: 'red backward' });
    expect((await linesOf(context)).clock?.faults[0]?.found).toContain('60 min ahead');
  });

  it('is compared with the public address', async () => {
    const url = new URL('/v1/events', installation.collector);
    const { clock } = await linesOf(await installation.context({ url, probes: later(60_000) }));
    expect(clock).toMatchObject({ verdict: 'warning', faults: [{ code: 'public' }] });
    expect(clock?.faults[0]?.found).toMatch(/(59|60)\.\d s ahead of 127/);
  });

  it('is compared with the clocks of many browsers, and not of a few', async () => {
    const sent_at = new Date(Date.now() - 90_000).toISOString();
    for (let i = 0; i < 8; i++) await installation.send(1, { sent_at });
    expect(await troublesOf(await installation.context())).toEqual({});
    for (let i = 0; i < 20; i++) await installation.send(1, { sent_at });
    const context = await installation.context();
    expect(await troublesOf(context)).toEqual({ clock: 'warning browsers' });
    expect((await linesOf(context)).clock?.faults[0]?.found).toMatch(/(?:8|9)\d\.\d s ahead of the clocks of browsers/);
  });
});
