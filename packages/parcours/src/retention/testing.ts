import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createLoader, type Engine, openDuckDb } from '@parcours/store';
import { openLog } from '@parcours/store/log';
import type { DataFolder } from '../data_folder.ts';

const DAY_MS = 86_400_000;

/** Exempt events of a batch: told rounded to ten, so it is as many. */
export const EXEMPTED = 10;

/** Batches that were received so many days before a time: an event, exempt ones apart, a failure and a count of each kind. */
export const oldBatches = ({ site, days, now }: { site: string; days: number; now: number }): string[] => {
  const at = new Date(now - days * DAY_MS).toISOString();
  const head = {
    v: 1,
    kind: 'batch',
    site,
    source: 'web',
    received_at: at,
    sent_at: at,
    sdk: '1',
    client: { bot: false },
  };
  const event = () => ({ event_id: randomUUID(), type: 'page_view', occurred_at: at });
  return [
    {
      ...{ ...head, stamps: [{ purposes: ['audience'], source: 'manual', at }], events: [{ ...event(), stamp: 0 }] },
      failed: [{ stage: 'validate', code: 'invalid_field', path: 'props', message: 'm', item: '{}' }],
      filtered: [{ type: 'page_view', code: 'consent_denied', count: 1 }],
      dropped: [{ code: 'queue_full', count: 1 }],
    },
    { ...head, stamps: [], events: [], exempted: Array.from({ length: EXEMPTED }, () => ({ ...event(), bot: false })) },
  ].map((batch) => JSON.stringify(batch));
};

/** Writes batches to a log of a data folder, as a collector does. */
export async function writeBatches(folder: Pick<DataFolder, 'logs'>, batches: readonly string[]): Promise<void> {
  const log = await openLog({ folder: join(folder.logs, 'collector-0') });
  await Promise.all(batches.map((batch) => log.append(batch)));
  await log.close();
}

export const openLoaded = async (folder: Pick<DataFolder, 'database' | 'store' | 'logs'>): Promise<Engine> => {
  const engine = await openDuckDb({ path: folder.database, folder: folder.store, threads: 2 });
  await createLoader({ logs: folder.logs, engine }).drain();
  return engine;
};

/** Every row left, as `<site> <class> <age in days>`, sorted; of the exempt ones of a day, which no query reads, one line. */
export async function survivors(
  engine: Pick<Engine, 'query' | 'countExpired' | 'heldRows'>,
  now: number,
): Promise<readonly string[]> {
  const { rows } = await engine.query(
    `SELECT site, 'events', received_at FROM events
     UNION ALL SELECT site, 'failed', received_at FROM failed
     UNION ALL SELECT site, 'counts', received_at FROM filtered
     UNION ALL SELECT site, 'counts', received_at FROM dropped`,
    { maxRows: 100_000 },
  );
  const left = rows.map(([site, of, at]) => `${site} ${of} ${Math.round((now - Date.parse(String(at))) / DAY_MS)}`);
  return [...left, ...(await exemptDays(engine, now))].sort();
}

async function exemptDays(engine: Pick<Engine, 'countExpired' | 'heldRows'>, now: number): Promise<string[]> {
  const found: string[] = [];
  for (const { site, class: of, oldest } of await engine.heldRows()) {
    if (of !== 'exempt') continue;
    const ages = Array.from({ length: Math.round((now - Date.parse(oldest)) / DAY_MS) + 1 }, (_, days) => days);
    const day = (days: number): string => new Date(now - days * DAY_MS).toISOString().slice(0, 10);
    const below = await engine.countExpired(ages.map((days) => ({ site, class: of, before: day(days - 1) })));
    ages.forEach((days, index) => {
      const rowsOfDay = (below[index]?.rows ?? 0) - (below[index + 1]?.rows ?? 0);
      if (rowsOfDay !== 0) found.push(`${site} exempt ${days}${rowsOfDay === EXEMPTED ? '' : ` (${rowsOfDay})`}`);
    });
  }
  return found;
}
