import { createPublicKey } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { diskFiles } from '../log/disk.ts';
import type { LogFiles } from '../log/files.ts';
import { encodeLine } from '../log/line.ts';
import { signingKeyOf } from '../receipts/keys.ts';
import { appendAudit } from './append.ts';
import type { AuditEntry, NewAudit } from './entry.ts';
import { readAudit, verifyAudit } from './read.ts';
import { removeOldAudit } from './shorten.ts';

const SEED = new Uint8Array(32).fill(5);
const KEYS = [createPublicKey(signingKeyOf(SEED))];
const SUBJECT = 'x'.repeat(43);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-audit-'));
});
afterEach(() => rm(folder, { recursive: true }));

const published = (version: string): NewAudit => ({
  action: 'policy_published',
  by: 'cli',
  outcome: 'done',
  about: { version, hash: 'h' },
});
const append = (entry: NewAudit, writer = 'cli'): Promise<AuditEntry> =>
  appendAudit({ folder, writer, signingKey: SEED, entry });
const verify = (heads = {}) => verifyAudit(folder, KEYS, { heads });
const files = async (): Promise<string[]> =>
  (await readdir(join(folder, 'cli'))).filter((name) => name !== 'end.hint').sort();
const versions = async (): Promise<unknown[]> => {
  const found: unknown[] = [];
  for await (const { about } of readAudit(folder)) found.push(about && 'version' in about && about.version);
  return found;
};

test('what was appended is read back in its order, and verifies', async () => {
  for (const version of ['1.0.0', '1.1.0', '1.2.0']) await append(published(version));
  await append({ action: 'retention_run', by: 'program', outcome: 'done', counts: { events: 12 } }, 'reader');
  const entries: AuditEntry[] = [];
  for await (const entry of readAudit(folder)) entries.push(entry);
  expect(entries.map(({ action, about, counts }) => [action, about, counts])).toEqual([
    ['policy_published', { version: '1.0.0', hash: 'h' }, undefined],
    ['policy_published', { version: '1.1.0', hash: 'h' }, undefined],
    ['policy_published', { version: '1.2.0', hash: 'h' }, undefined],
    ['retention_run', undefined, { events: 12 }],
  ]);
  expect(await verify()).toMatchObject({
    records: 4,
    faultCount: 0,
    chains: [
      { writer: 'cli', records: 3 },
      { writer: 'reader', records: 1 },
    ],
  });
});

test('of many that write at a time every one is in the chain once', async () => {
  await Promise.all(Array.from({ length: 20 }, (_, n) => append(published(`1.0.${n}`))));
  expect(await verify()).toMatchObject({ records: 20, faultCount: 0 });
  expect((await files()).every((name) => name.endsWith('.log'))).toBe(true);
});

describe('an entry is named that was', () => {
  let ids: string[];
  beforeEach(async () => {
    ids = [];
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) ids.push((await append(published(version))).entry_id);
  });
  const path = async (n: number): Promise<string> => join(folder, 'cli', (await files())[n] as string);
  const faults = async (heads = {}) =>
    (await verify(heads)).faults.map(({ fault, id, segment }) => [fault, id, segment]);

  it('altered, whether its checksum was made right or not', async () => {
    const line = await readFile(await path(1), 'utf8');
    const altered = line.replace('1.1.0', '9.9.9');
    await writeFile(await path(1), altered);
    expect(await faults()).toEqual([['checksum', undefined, 2]]);
    await writeFile(await path(1), encodeLine(altered.trimEnd().slice(9)));
    expect(await faults()).toEqual([['signature', ids[1], 2]]);
  });
  it('deleted: the one after it names what is missing', async () => {
    await rm(await path(1));
    expect(await faults()).toEqual([['gap', ids[2], 3]]);
  });
  it('emptied', async () => {
    await writeFile(await path(1), '');
    expect(await faults()).toEqual([['gap', ids[2], 3]]);
  });
  it('cut off at the end, where a head is given', async () => {
    const head = (await verify()).chains[0]?.head;
    await rm(await path(2));
    expect(await faults()).toEqual([]);
    expect(await faults({ cli: head })).toEqual([['head', undefined, 2]]);
  });
  it('moved', async () => {
    const [second, third] = [await readFile(await path(1)), await readFile(await path(2))];
    await writeFile(await path(1), third);
    await writeFile(await path(2), second);
    expect((await faults()).map(([fault]) => fault)).toContain('order');
  });
});

test('of the newest entries alone it tells what was done to them, and not to those before', async () => {
  for (const version of ['1.0.0', '1.1.0', '1.2.0', '1.3.0']) await append(published(version));
  const names = await files();
  const newest = async (newestSegments: number) => {
    const { records, faults } = await verifyAudit(folder, KEYS, { newestSegments });
    return [records, ...faults.map(({ fault, segment }) => `${fault} ${segment}`)];
  };
  await writeFile(join(folder, 'cli', '000000000000005.log'), '');
  expect(await newest(2)).toEqual([2]);
  expect(await newest(9)).toEqual([4]);
  await rm(join(folder, 'cli', names[1] as string));
  expect(await newest(1)).toEqual([1]);
  expect(await newest(9)).toEqual([3, 'gap 3']);
  await rm(join(folder, 'cli', names[0] as string));
  expect(await newest(9)).toEqual([2, 'gap 3']);
});

test('after a damaged last entry the log goes on from the one before it', async () => {
  await append(published('1.0.0'));
  await append(published('1.1.0'));
  await writeFile(join(folder, 'cli', (await files())[1] as string), 'nonsense\n');
  await append(published('1.2.0'));
  expect(await verify()).toMatchObject({ records: 2, faults: [{ fault: 'shape', segment: 2 }] });
});

describe('an append', () => {
  const hint = (): string => join(folder, 'cli', 'end.hint');

  /** What one more entry asks of the disk. */
  async function asked(): Promise<Record<string, number>> {
    const calls: Record<string, number> = {};
    const counting = Object.fromEntries(
      Object.entries(diskFiles).map(([name, work]) => [
        name,
        (...args: never[]) => {
          calls[name] = (calls[name] ?? 0) + 1;
          return (work as (...args: never[]) => unknown)(...args);
        },
      ]),
    ) as unknown as LogFiles;
    await appendAudit({ folder, writer: 'cli', signingKey: SEED, entry: published('9.0.0'), files: counting });
    return calls;
  }

  it('asks the same of the disk after many entries as after a few, and lists no folder', async () => {
    await append(published('1.0.0'));
    const few = await asked();
    for (let n = 0; n < 60; n++) await append(published(`1.1.${n}`));
    expect(await asked()).toEqual(few);
    expect(few).not.toHaveProperty('list');
    expect(await verify()).toMatchObject({ records: 63, faultCount: 0 });
  });

  it.each<[string, () => Promise<unknown>]>([
    ['is missing', () => rm(hint())],
    ['is no number', () => writeFile(hint(), 'nonsense')],
    ['is empty', () => writeFile(hint(), '')],
    ['is ahead of every entry', () => writeFile(hint(), '000000000000999')],
    ['is behind', () => writeFile(hint(), '000000000000001')],
    [
      'is far behind',
      async () => {
        for (let n = 0; n < 120; n++) await append(published(`1.9.${n}`));
        await writeFile(hint(), '000000000000001');
      },
    ],
    [
      'points at an entry that was damaged',
      async () => {
        await writeFile(join(folder, 'cli', '000000000000004.log'), 'nonsense\n');
        await writeFile(hint(), '000000000000004');
      },
    ],
  ])('goes on from the end where what tells of it %s', async (_, harm) => {
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) await append(published(version));
    await harm();
    await append(published('1.3.0'));
    expect((await versions()).at(-1)).toBe('1.3.0');
    expect((await verify()).faults.map(({ fault }) => fault).filter((fault) => fault !== 'shape')).toEqual([]);
  });

  it('killed at every step and done again loses nothing that was promised, and breaks no link', async () => {
    await append(published('1.0.0'));
    for (let steps = 0; ; steps++) {
      let done = 0;
      const dying = Object.fromEntries(
        Object.entries(diskFiles).map(([name, work]) => [
          name,
          (...args: never[]) => {
            // Nothing is tidied up after a kill either.
            if (done++ >= steps) return Promise.reject(new Error('killed'));
            return (work as (...args: never[]) => unknown)(...args);
          },
        ]),
      ) as unknown as LogFiles;
      const entry = published(`2.0.${steps}`);
      const isKilled = await appendAudit({ folder, writer: 'cli', signingKey: SEED, entry, files: dying }).then(
        () => done > steps,
        (error: Error) => {
          expect(error.message).toBe('killed');
          return true;
        },
      );
      await append(published(`3.0.${steps}`));
      expect(await verify()).toMatchObject({ faultCount: 0 });
      expect((await versions()).at(-1)).toBe(`3.0.${steps}`);
      if (!isKilled) break;
      expect(steps).toBeLessThan(60);
    }
  });
});

describe('entries that are old', () => {
  const DAY_MS = 86_400_000;
  const T0 = Date.parse('2020-01-01T10:00:00.000Z');
  const day = (n: number): number => T0 + n * DAY_MS;
  const write = (n: number, writer = 'cli') =>
    appendAudit({ folder, writer, signingKey: SEED, entry: published(`1.${n}.0`), now: () => day(n) });
  const remove = (before: number, more: { files?: LogFiles; dryRun?: boolean } = {}) =>
    removeOldAudit({ folder, signingKey: SEED, before, now: day(100), ...more });
  beforeEach(async () => {
    for (let n = 0; n < 5; n++) await write(n);
  });

  it('go from the beginning of each writer, and what is left verifies from the cut and goes on', async () => {
    for (const n of [0, 1, 9]) await write(n, 'reader');
    const heads = { cli: (await verify()).chains[0]?.head as string };
    const gone = { removed: 5, faulty: [], oldest: new Date(day(3)).toISOString() };
    expect(await remove(day(2), { dryRun: true })).toEqual(gone);
    expect(await versions()).toHaveLength(8);
    expect(await remove(day(2))).toEqual(gone);
    expect(await versions()).toEqual(['1.3.0', '1.4.0', '1.9.0']);
    expect(await remove(day(2))).toMatchObject({ removed: 0 });
    await write(10);
    expect(await verify(heads)).toMatchObject({
      records: 4,
      faultCount: 0,
      chains: [
        { writer: 'cli', cut: { records: 3, through: new Date(day(2)).toISOString() } },
        { writer: 'reader', cut: { records: 2 } },
      ],
    });
  });

  it('leave the newest of each writer, from which the log goes on', async () => {
    expect(await remove(day(90))).toMatchObject({ removed: 4 });
    await rm(join(folder, 'cli', 'end.hint'));
    await write(91);
    expect(await versions()).toEqual(['1.4.0', '1.91.0']);
    expect(await verify()).toMatchObject({ records: 2, faultCount: 0 });
  });

  it('do not come back with their files, and those that went without a cut are a gap', async () => {
    const [first, second] = await files();
    const bytes = await readFile(join(folder, 'cli', first as string));
    await remove(day(1));
    await writeFile(join(folder, 'cli', first as string), bytes);
    expect(await versions()).toEqual(['1.2.0', '1.3.0', '1.4.0']);
    await rm(join(folder, 'cli', (await files()).find((name) => name.endsWith('.cut')) as string));
    expect((await verify()).faults).toMatchObject([{ fault: 'gap', segment: 3 }]);
    expect(second).toBe('000000000000002.log');
  });

  it('stay where one of them is not as it was written, and its writer is named', async () => {
    await rm(join(folder, 'cli', (await files())[1] as string));
    expect(await remove(day(4))).toMatchObject({ removed: 0, faulty: ['cli'] });
    expect((await verify()).faults).toMatchObject([{ fault: 'gap' }]);
  });

  it('killed at every step and called again, the same are left, and the log never looks broken', async () => {
    const whole = await mkdtemp(join(tmpdir(), 'parcours-audit-whole-'));
    await cp(folder, whole, { recursive: true });
    try {
      for (let steps = 0; ; steps++) {
        await rm(join(folder, 'cli'), { recursive: true });
        await cp(whole, folder, { recursive: true });
        let done = 0;
        const step =
          <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
          (...args: A): Promise<R> => {
            if (done++ >= steps) throw new Error('killed');
            return work(...args);
          };
        const { create, link, remove: unlink, syncFolder } = diskFiles;
        const dying = { create: step(create), link: step(link), remove: step(unlink), syncFolder: step(syncFolder) };
        const isKilled = await remove(day(2), { files: { ...diskFiles, ...dying } }).then(
          () => false,
          () => true,
        );
        expect(await verify()).toMatchObject({ faultCount: 0 });
        await remove(day(2));
        expect(await versions()).toEqual(['1.3.0', '1.4.0']);
        expect(await verify()).toMatchObject({ records: 2, faultCount: 0 });
        if (!isKilled) break;
        expect(steps).toBeLessThan(20);
      }
    } finally {
      await rm(whole, { recursive: true });
    }
  });
});

test.each<[string, object, string]>([
  ['an unknown action', { action: 'tea' }, 'action must be one of policy_published,'],
  ['an unknown actor', { by: 'Jane' }, 'by must be one of cli, program,'],
  ['an unknown outcome', { outcome: 'maybe' }, 'outcome must be one of done, refused, failed'],
  ['a subject in clear', { subject: 'jane@example.com' }, 'subject must be a keyed hash of 43 characters'],
  ['what is not said of it', { about: { email: 'jane@example.com' } }, 'about.email is not said of policy_published'],
  ['a long text', { about: { version: 'x'.repeat(201) } }, 'about.version must be a number, true, false or a text'],
  ['a count that is none', { counts: { rows: 'jane' } }, 'counts.rows must be a whole number'],
  ['a name of a count that tells a person', { counts: { 'jane@example.com': 1 } }, 'a name in counts must be'],
])('%s is refused, and nothing is written', async (_, changed, message) => {
  const entry = { ...published('1.0.0'), subject: SUBJECT, ...changed } as NewAudit;
  await expect(append(entry)).rejects.toThrow(message);
  expect(await readdir(folder)).toEqual([]);
});
