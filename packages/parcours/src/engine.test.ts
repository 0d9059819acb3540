import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckDb } from '@parcours/store';
import { type BatchRecord, openLog } from '@parcours/store/log';
import { expect, it } from 'vitest';
import { dataFolder } from './data_folder.ts';
import { rebuildEngine } from './engine.ts';
import { purge, settle } from './failed/settle.ts';

const AT = '2026-11-20T10:00:00.000Z';

it('makes a database again without the failures that were settled or purged', async () => {
  const root = await mkdtemp(join(tmpdir(), 'parcours-engine-'));
  const folder = dataFolder(root);
  const rebuilt = async (): Promise<readonly (readonly unknown[])[]> => {
    await rebuildEngine({ data: root, queryMemoryMb: 128 });
    const engine = await openDuckDb({ path: folder.database, folder: folder.store, threads: 2 });
    const { rows } = await engine.query('SELECT code, failed_id FROM failed ORDER BY code');
    await engine.close();
    return rows;
  };
  try {
    const log = await openLog({ folder: join(folder.logs, 'collector-0') });
    const record: BatchRecord = {
      ...{ v: 1, kind: 'batch', site: 'shop', source: 'web', received_at: AT, sent_at: AT, sdk: '1.0.0' },
      ...{ client: { bot: false }, stamps: [], events: [] },
      failed: ['a', 'b', 'c'].map((code) => ({ stage: 'validate', code, path: '', message: '', item: '{}' })),
    };
    await log.append(JSON.stringify(record));
    await log.close();
    const all = await rebuilt();
    expect(all.map(([code]) => code)).toEqual(['a', 'b', 'c']);
    await settle(folder, [String(all[0]?.[1])], 'replayed');
    expect((await rebuilt()).map(([code]) => code)).toEqual(['b', 'c']);
    await purge(folder, { before: new Date(Date.parse(AT) + 1).toISOString(), code: 'b' });
    expect((await rebuilt()).map(([code]) => code)).toEqual(['c']);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
