import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FORMAT, migrate, pendingMigrations, prepareDataFolder, readFormat } from './data_format.ts';
import { MIGRATIONS } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';

let folder: string;
let root: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-format-'));
  root = join(folder, 'data');
});
afterEach(() => rm(folder, { recursive: true }));

/** A folder as a version before formats left it. */
async function older(): Promise<void> {
  await mkdir(join(root, 'log', 'collector-0'), { recursive: true });
  await mkdir(join(root, 'scripts', '0.1.0'), { recursive: true });
  await writeFile(join(root, 'scripts', '0.0.9.js'), 'old()');
  await writeFile(join(root, 'scripts', '0.1.0', 'p.js'), 'new()');
}

const setFormat = (format: unknown): Promise<void> =>
  writeFile(join(root, 'format.json'), JSON.stringify({ format, version: '9.9.9' }));

it('lists the steps without a gap', () => {
  expect(MIGRATIONS.map(({ to }) => to)).toEqual(MIGRATIONS.map((_, index) => index + 1));
});

describe('a start', () => {
  it('notes the format of a new folder, also where sites or secrets were made before', async () => {
    await prepareDataFolder(root);
    expect(await readFormat(root)).toBe(FORMAT);
    await rm(join(root, 'format.json'));
    await mkdir(join(root, 'control'));
    await writeFile(join(root, 'secrets.json'), '{}');
    expect(await pendingMigrations(root)).toEqual([]);
    await prepareDataFolder(root);
    expect(await readFormat(root)).toBe(FORMAT);
  });

  it('takes the steps that are safe, and once', async () => {
    await older();
    const steps: number[] = [];
    const onStep = ({ to }: Migration): void => void steps.push(to);
    await prepareDataFolder(root, { onStep });
    await prepareDataFolder(root, { onStep });
    expect(steps).toEqual(MIGRATIONS.map(({ to }) => to));
    expect((await readdir(join(root, 'scripts'))).sort()).toEqual(['0.0.9', '0.1.0']);
    expect(await readFile(join(root, 'scripts', '0.0.9', 'p.js'), 'utf8')).toBe('old()');
  });

  it('leaves what is not safe to its command, and takes nothing before it', async () => {
    await older();
    const ran: number[] = [];
    const step = (to: number, isSafe: boolean): Migration => ({
      to,
      does: 'turns all around',
      isSafe,
      run: async () => void ran.push(to),
    });
    const migrations = [step(1, true), step(2, false)];
    await expect(prepareDataFolder(root, { migrations })).rejects.toThrow(
      /it must be migrated, which turns all around\. Back it up, then: parcours migrate --data/,
    );
    expect(ran).toEqual([]);
    await migrate(root, { migrations });
    expect(ran).toEqual([1, 2]);
    await prepareDataFolder(root, { migrations });
    expect(ran).toEqual([1, 2]);
  });

  it('refuses a newer format in one line that names the version', async () => {
    await older();
    await setFormat(FORMAT + 1);
    const refused = prepareDataFolder(root);
    await expect(refused).rejects.toMatchObject({ code: 'newer_format' });
    await expect(refused).rejects.toThrow(
      new RegExp(`data format ${FORMAT + 1}, written by parcours 9\\.9\\.9; parcours \\S+ knows up to ${FORMAT}`),
    );
  });

  it.each(['x', 0, 1.5, null])('refuses a format that is none: %j', async (format) => {
    await older();
    await setFormat(format);
    await expect(prepareDataFolder(root)).rejects.toMatchObject({ code: 'bad_format' });
  });
});

it('goes on after a crash between any two of its operations', async () => {
  await older();
  const [first] = MIGRATIONS as readonly [Migration];
  // The step was done and its format not written; or half of it was done.
  await mkdir(join(root, 'scripts', '0.0.9'));
  await migrate(root);
  await rm(join(root, 'format.json'));
  await writeFile(join(root, 'format.json.new'), '{"for');
  await migrate(root);
  expect(await readFormat(root)).toBe(FORMAT);
  expect(await readFile(join(root, 'scripts', '0.0.9', 'p.js'), 'utf8')).toBe('old()');
  expect(first.isSafe).toBe(true);
});
