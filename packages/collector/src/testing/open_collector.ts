import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkedFetch } from '@parcours/protocol/openapi/testing';
import { type LogOptions, type LogRecord, openLog, readLog } from '@parcours/store/log';
import { type Collector, createCollector } from '../app.ts';
import { createCollectorServer } from '../node.ts';
import { collectorOpenApi } from '../openapi.ts';
import type { CollectorOptions } from '../options.ts';

/**
 * A collector on a log of its own in a temporary folder, asked through one of its ways in. For tests: every answer is held to
 * the OpenAPI document of its routes, and one that differs fails the test that asked.
 */
export interface OpenedCollector {
  readonly collector: Collector;
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Where the bare Node listener listens; 0 without one. */
  readonly port: number;
  /** Those that are open to the bare Node listener, on its side. */
  connections(): ReadonlySet<Socket>;
  /** Every record on disk now. */
  records(): Promise<LogRecord[]>;
  close(): Promise<void>;
}

/** `hono` asks the app without a port; `node` asks the bare Node listener over real HTTP. */
export type Way = 'hono' | 'node';

export const demoSite = { id: 'shop', keys: ['pk_demo'], origins: ['https://shop.example'] } as const;

export async function openCollector(
  way: Way,
  options: Partial<CollectorOptions> & {
    readonly logOptions?: Partial<LogOptions>;
    /** Told every answer by its name: `sendEvents 200`. */
    readonly onAnswer?: (seen: string) => void;
  } = {},
): Promise<OpenedCollector> {
  const folder = await mkdtemp(join(tmpdir(), 'parcours-collector-'));
  const log = await openLog({ folder, ...options.logOptions });
  const collector = createCollector({
    sites: [{ ...demoSite, origins: [...demoSite.origins], keys: [...demoSite.keys] }],
    log,
    cookieSecret: Buffer.alloc(32, 7),
    ...options,
  });
  const door = way === 'hono' ? await openHono(collector) : await openNode(collector);
  // Tests that ask the app itself are held to it as well.
  collector.request = checkedFetch(collector, collectorOpenApi, collector.request as never, options.onAnswer) as never;
  return {
    collector,
    port: door.port,
    connections: () => door.connections,
    request: way === 'hono' ? door.request : checkedFetch(collector, collectorOpenApi, door.request, options.onAnswer),
    async records() {
      const records: LogRecord[] = [];
      for await (const chunk of readLog({ folder })) {
        for (const bytes of chunk.records) records.push(JSON.parse(Buffer.from(bytes).toString()));
      }
      return records;
    },
    async close() {
      await door.close();
      await log.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Door {
  readonly port: number;
  readonly connections: ReadonlySet<Socket>;
  request(path: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

async function openHono(collector: Collector): Promise<Door> {
  return {
    port: 0,
    connections: new Set(),
    request: async (path, init) => collector.request(path, init, { remoteAddress: '127.0.0.1' }),
    close: async () => {},
  };
}

async function openNode(collector: Collector): Promise<Door> {
  const server = createCollectorServer(collector);
  const connections = new Set<Socket>();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    connections,
    request: (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
