import { expect, test } from 'vitest';
import { ensureFolder } from './folder.ts';
import { createVolatileDisk, type Fault } from './volatile.ts';

const FOLDER = '/data/log/collector-0';

const PAIRS = Array.from({ length: 100 }, (_, n) => [(n % 10) + 1, Math.floor(n / 10) + 1] as const);

test.each(PAIRS)('a folder stays after a power cut, also where syncs %i and %i failed', async (...failing) => {
  let syncs = 0;
  const disk = createVolatileDisk((operation): Fault | undefined => {
    if (operation !== 'syncFolder') return undefined;
    syncs += 1;
    return failing.includes(syncs) ? { code: 'EIO' } : undefined;
  });
  const files = disk.mount();
  const tries = Array.from({ length: 3 }, () => () => ensureFolder(files, FOLDER).catch(() => undefined));
  for (const attempt of tries) await attempt();
  await ensureFolder(files, FOLDER).catch(() => ensureFolder(files, FOLDER));
  disk.crash();
  expect(await disk.mount().list('/data/log')).toEqual(['collector-0']);
});

test('a folder is made below one that may not be looked into', async () => {
  const disk = createVolatileDisk((operation, path) =>
    operation === 'syncFolder' && path === '/' ? { code: 'EACCES' } : undefined,
  );
  const files = disk.mount();
  await files.makeFolder('/data');
  await ensureFolder(files, '/data/log');
  expect(await files.list('/data')).toEqual(['log']);
});
