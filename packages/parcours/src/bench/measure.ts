import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { config as configSchema } from '../config/index.ts';
import { dataFolder } from '../data_folder.ts';
import { supervise } from '../processes/supervise.ts';
import { openSecrets } from '../secrets.ts';
import { type Load, sendFor } from './load.ts';
import type { EventBytes } from './sizing.ts';
import { createVisits, EVENTS_PER_BATCH } from './visits.ts';

export interface MachineFigures {
  /** Events a second that the collector made durable and answered, with a load generator on the same machine. */
  readonly eventsPerSecond: number;
  readonly ack: Pick<Load, 'p50Ms' | 'p99Ms' | 'refused'>;
  /** Rows a second from the log into the database, duplicates looked for. */
  readonly loadedPerSecond: number;
  readonly events: number;
  readonly bytesPerEvent: EventBytes;
}

const WARM_UP_MS = 2_000;
const DAY_MS = 86_400_000;

/**
 * Runs a collector over a new folder beside the data, sends to it, loads what it wrote, seals it, and measures what each
 * event costs. Everything it made is removed at the end, whatever happens.
 *
 * @param beside  folder on the disk to measure
 * @param onStep  told what begins now
 */
export async function measureMachine({
  beside,
  seconds,
  connections,
  onStep,
}: {
  readonly beside: string;
  readonly seconds: number;
  readonly connections: number;
  readonly onStep: (what: string) => void;
}): Promise<MachineFigures> {
  const data = await mkdtemp(join(beside, 'parcours-bench-'));
  const folder = dataFolder(data);
  try {
    await openSecrets(folder.secrets);
    onStep(`Receiving for ${seconds} s over ${connections} connections`);
    const { total, load } = await receive({ data, seconds, connections });
    const events = total * EVENTS_PER_BATCH;
    const logBytes = await bytesIn(folder.logs);
    onStep(`Loading ${events.toLocaleString('en')} events`);
    // Loaded only here: the engine costs time and memory that would be measured with the collector.
    const { openEngine } = await import('../engine.ts');
    const { createLoader, utcDay } = await import('@parcours/store');
    const engine = await openEngine(configSchema.parse({ data }), () => {});
    const started = performance.now();
    const loader = createLoader({ logs: folder.logs, engine });
    await loader.drain();
    const { loadedRows } = loader.stats();
    // A figure over events that were refused would flatter: the batches below must be good ones.
    if (loadedRows !== events) throw new Error(`${events} events were answered, and ${loadedRows} became rows`);
    const loadSeconds = (performance.now() - started) / 1000;
    onStep('Sealing the day');
    await engine.sealDays(utcDay(Date.now() + DAY_MS));
    await engine.close();
    const { size } = await stat(folder.database);
    const sealed = await bytesIn(join(folder.store, 'days'));
    return {
      eventsPerSecond: load.perSecond * EVENTS_PER_BATCH,
      ack: { p50Ms: load.p50Ms, p99Ms: load.p99Ms, refused: load.refused },
      loadedPerSecond: loadedRows / loadSeconds,
      events,
      bytesPerEvent: { log: logBytes / events, database: size / events, sealed: sealed / events },
    };
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

async function receive({
  data,
  seconds,
  connections,
}: {
  readonly data: string;
  readonly seconds: number;
  readonly connections: number;
}): Promise<{ readonly total: number; readonly load: Load }> {
  const most = 1_000_000;
  const settings = configSchema.parse({
    data,
    port: 0,
    host: '127.0.0.1',
    sites: [{ id: 'bench', keys: ['pk_bench'] }],
    rateLimits: { perAddress: most, perKey: most },
  });
  const collector = supervise({
    script: process.argv[1] as string,
    spec: { role: 'collector', writer: 'collector-0' },
    config: () => settings,
    instance: randomUUID(),
    onRestart: () => {},
  });
  try {
    const url = `${(await collector.ready).replace('localhost', '127.0.0.1')}/v1/events`;
    const body = createVisits({ site: 'bench', key: 'pk_bench' });
    // Until the compiler has settled.
    const warm = await sendFor(url, { ms: WARM_UP_MS, connections, body });
    const load = await sendFor(url, { ms: seconds * 1000, connections, body });
    return { total: warm.requests + load.requests - warm.refused - load.refused, load };
  } finally {
    await collector.stop();
  }
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
