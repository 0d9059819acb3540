import { describe, expect, it } from 'vitest';
import type { ChildFigures, PartStatus, ProgramStatus } from '../processes/status.ts';
import { createAlerts } from './alerts.ts';
import { type AlertOptions, alertOptions } from './options.ts';
import { readingsOf } from './readings.ts';
import { createWindow } from './window.ts';

const GIB = 1024 ** 3;
const NONE = { received: 0, accepted: 0, duplicate: 0, filtered: 0, failed: 0, retry: 0 };

/** A program that is well, looked at once a second; a test changes what it is about. */
function aProgram(options: Partial<AlertOptions> = {}) {
  const limits = alertOptions.parse(options);
  const window = createWindow(limits.windowSeconds * 1000);
  const alerts = createAlerts();
  let now = 1_000_000;
  const collector = {
    role: 'collector' as const,
    accounts: NONE,
    pendingBytes: 0,
    backlogBytes: 0,
    isWritable: true,
  };
  const reader = { role: 'reader' as const, lagMs: 0, backlogBytes: 0, loadedRows: 0, isFailing: false };
  const told = { collector: now, reader: now };
  const restarts = { collector: {}, reader: {} };
  const disk = { freeBytes: 50 * GIB, sizeBytes: 100 * GIB };
  const part = (figures: ChildFigures): PartStatus => ({
    role: figures.role,
    isUp: true,
    restarts: restarts[figures.role],
    figures,
    figuresAt: told[figures.role],
  });
  return {
    collector: collector as { -readonly [K in keyof typeof collector]: (typeof collector)[K] },
    reader,
    disk,
    restarts,
    /** Seconds go by; the parts named keep telling. Returns what changed, as `name state`. */
    look(seconds = 1, telling: readonly ('collector' | 'reader')[] = ['collector', 'reader']): readonly string[] {
      now += seconds * 1000;
      for (const role of telling) told[role] = now;
      const status: Omit<ProgramStatus, 'alerts'> = {
        startedAt: 1_000_000,
        version: '1',
        parts: [part(collector), part(reader)],
        disk,
      };
      window.take(status, now);
      return alerts.look(readingsOf(status, limits, { now, window }), now).map(({ name, state }) => `${name} ${state}`);
    },
    active: alerts.active,
  };
}

describe('the alerts', () => {
  it('says nothing of a program that is well', () => {
    expect(aProgram().look()).toEqual([]);
  });

  it('tells a backlog once when it comes, and once when it is clearly gone', () => {
    const program = aProgram();
    program.collector.backlogBytes = 2 * GIB;
    expect(program.look()).toEqual(['backlog firing']);
    expect(program.look()).toEqual([]);
    expect(program.active()).toMatchObject([{ name: 'backlog', text: expect.stringContaining('2048 MB') }]);
    program.collector.backlogBytes = 0.95 * GIB;
    expect(program.look()).toEqual([]);
    program.collector.backlogBytes = 0.8 * GIB;
    expect(program.look()).toEqual(['backlog resolved']);
    expect(program.active()).toEqual([]);
  });

  it('a reader that tells nothing is silent, and falls behind as the time goes', () => {
    const program = aProgram({ silentSeconds: 30, lagSeconds: 60 });
    expect(program.look(29, ['collector'])).toEqual([]);
    expect(program.look(2, ['collector'])).toEqual(['reader_silent firing']);
    expect(program.look(30, ['collector'])).toEqual(['lag firing']);
    expect(program.look(1)).toEqual(['reader_silent resolved', 'lag resolved']);
  });

  it('tells a log that cannot be written at once', () => {
    const program = aProgram();
    program.collector.isWritable = false;
    expect(program.look()).toEqual(['log_unwritable firing']);
    program.collector.isWritable = true;
    expect(program.look()).toEqual(['log_unwritable resolved']);
  });

  it('judges failures by their share of enough events, within the window, across a restart of the collector', () => {
    const program = aProgram({ failedShare: 0.1, failedMinimum: 100, windowSeconds: 60 });
    program.collector.accounts = { ...NONE, received: 99, failed: 99 };
    expect(program.look()).toEqual([]);
    program.collector.accounts = { ...NONE, received: 3, failed: 3 };
    expect(program.look()).toEqual(['failed_share firing']);
    program.collector.accounts = { ...NONE, received: 3, failed: 3 };
    expect(program.look(30)).toEqual([]);
    // All of it has left the window.
    expect(program.look(31)).toEqual(['failed_share resolved']);
  });

  it('tells a full disk, and takes it back once clearly more is free', () => {
    const program = aProgram({ diskFreeShare: 0.1 });
    program.disk.freeBytes = 9 * GIB;
    expect(program.look()).toEqual(['disk_free firing']);
    program.disk.freeBytes = 10.5 * GIB;
    expect(program.look()).toEqual([]);
    program.disk.freeBytes = 12 * GIB;
    expect(program.look()).toEqual(['disk_free resolved']);
  });

  it('tells a part that dies again and again though it tells something in between', () => {
    const program = aProgram({ restarts: 2, windowSeconds: 60 });
    for (const [count, changes] of [
      [1, []],
      [2, []],
      [3, ['reader_restarting firing']],
      [3, []],
    ] as const) {
      program.restarts.reader = { SIGKILL: count };
      expect(program.look()).toEqual(changes);
    }
    expect(program.look(61)).toEqual(['reader_restarting resolved']);
  });

  it('is off where its limit is 0', () => {
    const program = aProgram({ backlogBytes: 0, silentSeconds: 0, lagSeconds: 0, diskFreeShare: 0 });
    program.collector.backlogBytes = 99 * GIB;
    program.disk.freeBytes = 0;
    expect(program.look(9_999, [])).toEqual([]);
  });
});

describe('the webhook of the settings', () => {
  const fault = (settings: object): string | undefined => alertOptions.safeParse(settings).error?.issues[0]?.message;

  it.each([
    ['https://hooks.example.com/a', ['hooks.example.com']],
    ['http://127.0.0.1:9000/a', ['127.0.0.1:9000']],
  ])('may be %s where %j may be told', (webhook, allowedHosts) => {
    expect(fault({ webhook, allowedHosts })).toBeUndefined();
  });

  it.each([
    ['https://hooks.example.com/a', [], 'must hold the host'],
    ['https://hooks.example.com.evil.example/a', ['hooks.example.com'], 'must hold the host'],
    ['https://hooks.example.com:8443/a', ['hooks.example.com'], 'must hold the host'],
    ['http://hooks.example.com/a', ['hooks.example.com'], 'must be https'],
    ['http://127.0.0.1.nip.io/a', ['127.0.0.1.nip.io'], 'must be https'],
    ['https://hooks.example.com@evil.example/a', ['evil.example'], 'without user'],
    ['file:///etc/passwd', [''], 'must be https'],
    ['hooks', ['hooks'], 'must be an address'],
  ])('may not be %s where %j may be told', (webhook, allowedHosts, message) => {
    expect(fault({ webhook, allowedHosts })).toContain(message);
  });
});
