import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCollector, type TrustProxy } from '@parcours/collector';
import { createCollectorServer } from '@parcours/collector/node';
import { type Log, openLog } from '@parcours/store/log';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CheckReport } from '../report.ts';
import { runChecks } from '../report.ts';
import { contextOf } from '../testing/bare_context.ts';
import * as proxies from '../testing/proxy.ts';
import { type Rewrite, startProxy } from '../testing/proxy.ts';
import { proxy } from './proxy.ts';

const { appends, appendsForwarded, appendsMapped, appendsWithPort, passes, replaces, setsRealIp, strips } = proxies;

const SECRET = Buffer.alloc(32, 9);

interface Settings {
  readonly trustProxy: TrustProxy;
  readonly addressHeader?: string;
}

interface Topology {
  /** Outermost first; each asks the next from 127.0.1.1, 127.0.1.2 and so on. */
  readonly chain: readonly Rewrite[];
  readonly wrong: Settings;
  readonly code: string;
  /** What doctor suggests. Where only the proxies can be changed: the chain that they then are, and its settings. */
  readonly right?: Settings;
  readonly repaired?: readonly Rewrite[];
  /** Where the collector listens. Default 127.0.0.1. */
  readonly host?: string;
}

/** The chain that nearly everybody has and what nearly everybody gets wrong about it. */
const TOPOLOGIES: Readonly<Record<string, Topology>> = {
  'nothing in front, a proxy believed': {
    chain: [],
    wrong: { trustProxy: 1 },
    code: 'believes_anyone',
    right: { trustProxy: false },
  },
  'one that appends, not trusted': {
    chain: [appends],
    wrong: { trustProxy: false },
    code: 'not_trusted',
    right: { trustProxy: 1 },
  },
  'one that replaces, not trusted': {
    chain: [replaces],
    wrong: { trustProxy: false },
    code: 'not_trusted',
    right: { trustProxy: 1 },
  },
  'one without the header': {
    ...{ chain: [strips], wrong: { trustProxy: 1 }, code: 'no_header' },
    ...{ repaired: [appends], right: { trustProxy: 1 } },
  },
  "one that passes on the visitor's own": {
    ...{ chain: [passes], wrong: { trustProxy: 1 }, code: 'no_header' },
    ...{ repaired: [appends], right: { trustProxy: 1 } },
  },
  'two, one trusted': {
    chain: [appends, appends],
    wrong: { trustProxy: 1 },
    code: 'too_low',
    right: { trustProxy: 2 },
  },
  'a CDN that replaces, a load balancer and a proxy, two trusted': {
    chain: [replaces, appends, appends],
    ...{ wrong: { trustProxy: 2 }, code: 'too_low', right: { trustProxy: 3 } },
  },
  'one, two trusted': { chain: [appends], wrong: { trustProxy: 2 }, code: 'too_high', right: { trustProxy: 1 } },
  'three, five trusted': {
    chain: [appends, appends, appends],
    wrong: { trustProxy: 5 },
    code: 'too_high',
    right: { trustProxy: 3 },
  },
  'only X-Real-IP': {
    ...{ chain: [setsRealIp], wrong: { trustProxy: 1 }, code: 'other_header' },
    right: { trustProxy: 1, addressHeader: 'x-real-ip' },
  },
  'only Forwarded, with a port': {
    ...{ chain: [appendsForwarded], wrong: { trustProxy: 1 }, code: 'other_header' },
    right: { trustProxy: 1, addressHeader: 'forwarded' },
  },
  'two that write Forwarded': {
    chain: [appendsForwarded, appendsForwarded],
    ...{ wrong: { trustProxy: false }, code: 'not_trusted' },
    right: { trustProxy: 2, addressHeader: 'forwarded' },
  },
  'X-Real-IP read, which the proxy passes on from the visitor': {
    ...{ chain: [appends], wrong: { trustProxy: 1, addressHeader: 'x-real-ip' }, code: 'believes_anyone' },
    right: { trustProxy: 1 },
  },
  'a list that misses the proxy': {
    ...{ chain: [appends], wrong: { trustProxy: ['10.0.0.0/8'] }, code: 'list_misses' },
    right: { trustProxy: ['10.0.0.0/8', '127.0.1.1'] },
  },
  'a list that misses the outer of two': {
    ...{ chain: [appends, appends], wrong: { trustProxy: ['127.0.1.2'] }, code: 'list_misses' },
    right: { trustProxy: ['127.0.1.2', '127.0.1.1'] },
  },
  'a list that holds the visitors too': {
    ...{ chain: [appends], wrong: { trustProxy: ['0.0.0.0/0'] }, code: 'list_too_wide' },
    right: { trustProxy: ['127.0.1.1'] },
  },
  'a port behind the address': {
    ...{ chain: [appendsWithPort, appendsWithPort], wrong: { trustProxy: 1 }, code: 'too_low' },
    right: { trustProxy: 2 },
  },
  'IPv4 written as IPv6, in header and socket': {
    ...{ chain: [appendsMapped], wrong: { trustProxy: ['10.0.0.0/8'] }, code: 'list_misses', host: '::' },
    right: { trustProxy: ['10.0.0.0/8', '127.0.1.1'] },
  },
};

let folder: string;
let log: Log;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-proxies-'));
  log = await openLog({ folder });
});
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});
afterAll(async () => {
  await log.close();
  await rm(folder, { recursive: true, force: true });
});

async function check(chain: readonly Rewrite[], settings: Settings, host = '127.0.0.1'): Promise<CheckReport> {
  const sites = [{ id: 'shop', keys: ['pk_demo'], origins: ['https://shop.example'] }];
  const collector = createCollector({ sites, log, cookieSecret: SECRET, diagnoseSecret: SECRET, ...settings });
  const server: Server = createCollectorServer(collector).listen(0, host);
  await once(server, 'listening');
  stops.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  let upstream = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (let place = chain.length; place > 0; place--) {
    const rewrite = chain[place - 1];
    const running = await startProxy({ upstream, address: `127.0.1.${place}`, ...(rewrite && { rewrite }) });
    stops.push(running.stop);
    upstream = running.origin;
  }
  const context = contextOf({ url: new URL('/v1/events', upstream), diagnoseSecret: SECRET });
  const { checks } = await runChecks([proxy], context);
  return checks[0] as CheckReport;
}

describe('names the fault, and what it says puts it right', () => {
  it.each(Object.entries(TOPOLOGIES))('%s', async (_, { chain, wrong, code, right, repaired, host }) => {
    const line = await check(chain, wrong, host);
    expect([line.verdict, line.faults[0]?.code, line.found]).toEqual(['red', code, expect.any(String)]);
    if (!repaired) expect(line.faults[0]?.settings).toEqual(right);
    expect(line.faults[0]?.fix).not.toContain('{settings}');
    const after = await check(repaired ?? chain, (line.faults[0]?.settings as unknown as Settings) ?? right, host);
    expect([after.verdict, after.found]).toEqual(['ok', expect.stringContaining('in force: 127.0.0.1')]);
  });
});

it('says why it cannot tell', async () => {
  const asked = async (options: Parameters<typeof contextOf>[0]) =>
    (await runChecks([proxy], contextOf(options))).checks[0]?.found;
  expect(await asked({ diagnoseSecret: SECRET })).toBe('give the public address with --url');
  const line = await check([], { trustProxy: false });
  expect(line.verdict).toBe('ok');
  const nobody = new URL('http://127.0.0.1:1/v1/events');
  expect(await asked({ url: nobody, diagnoseSecret: SECRET })).toContain('refuses connections');
});
