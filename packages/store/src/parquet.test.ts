import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { dayPath, listDayFiles, removeDurably, siteFolder, writeWhole } from './parquet.ts';

let days: string;
beforeEach(async () => {
  days = await mkdtemp(join(tmpdir(), 'parcours-days-'));
});
afterEach(() => rm(days, { recursive: true, force: true }));

it('keeps every site in a folder of its own below the days', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
      const folder = siteFolder(one);
      expect(folder).toMatch(/^[a-z0-9_%A-F-]{1,220}$/);
      expect(dirname(resolve('/days', folder))).toBe('/days');
      if (Buffer.from(one).equals(Buffer.from(other))) return;
      expect(folder.toLowerCase()).not.toBe(siteFolder(other).toLowerCase());
    }),
  );
  for (const site of ['..', '.', '', '/', 'a/../../b', 'CON', '\0', 'x'.repeat(5000)])
    expect(dirname(resolve('/days', siteFolder(site)))).toBe('/days');
  expect(siteFolder('Shop')).not.toBe('shop');
  expect(siteFolder(`${'x'.repeat(300)}a`)).not.toBe(siteFolder(`${'x'.repeat(300)}b`));
});

it('removes a file with what an interrupted run left of it', async () => {
  const path = dayPath(days, { site: 'shop', day: '2026-11-20', table: 'events' });
  await writeWhole(path, (temporary) => writeFile(temporary, 'whole'));
  await writeFile(`${path}.part`, 'somebody');
  await removeDurably(path);
  expect(await readdir(dirname(path))).toEqual([]);
  await removeDurably(path);
});

it('writes a file whole, and lists it by day and table', async () => {
  const write = (day: string, table: 'events' | 'failed') =>
    writeWhole(dayPath(days, { site: 'shop', day, table }), (path) => writeFile(path, day));
  await write('2026-11-21', 'events');
  await write('2026-11-20', 'failed');
  expect(await listDayFiles(days)).toMatchObject([
    { day: '2026-11-20', table: 'failed', siteFolder: 'shop' },
    { day: '2026-11-21', table: 'events', siteFolder: 'shop' },
  ]);
});

it('leaves the old file as it was when writing the new one is interrupted', async () => {
  const path = dayPath(days, { site: 'shop', day: '2026-11-20', table: 'events' });
  await writeWhole(path, (temporary) => writeFile(temporary, 'old'));
  const interrupted = writeWhole(path, async (temporary) => {
    await writeFile(temporary, 'ne');
    throw new Error('interrupted');
  });
  await expect(interrupted).rejects.toThrow('interrupted');
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await listDayFiles(days)).toHaveLength(1);
  await writeWhole(path, (temporary) => writeFile(temporary, 'new'));
  expect(await readFile(path, 'utf8')).toBe('new');
  expect(await readdir(dirname(path))).toEqual(['2026-11-20.parquet']);
});

it('lists nothing where there is no folder', async () => {
  expect(await listDayFiles(join(days, 'absent'))).toEqual([]);
});
