import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { createCollector, type PublishedPolicy, type SiteInput, type TrustProxy } from '@parcours/collector';
import { createCollectorServer } from '@parcours/collector/node';
import { createJourneys, createLiveFeed } from '@parcours/journeys';
import { createLoader, openDuckDb } from '@parcours/store';
import { foldControl } from '@parcours/store/control';
import { openLog } from '@parcours/store/log';
import { config as schema } from '../../config/index.ts';
import { createConsoleSecrets, sessionKeyOf } from '../../console_secrets.ts';
import { type DataFolder, dataFolder } from '../../data_folder.ts';
import { prepareDataFolder } from '../../data_format.ts';
import { diagnoseSecretOf } from '../../diagnose_secret.ts';
import { writeRunFile } from '../../run_file.ts';
import { openSecrets } from '../../secrets.ts';
import { version } from '../../version.ts';
import { CHECKS } from '../checks/index.ts';
import type { Context, Probes } from '../context.ts';
import { openContext } from '../open_context.ts';
import { type CheckReport, runChecks } from '../report.ts';

/** A whole installation in this process, all of its parts real, in which nothing is wrong. For tests to break. */
export interface Installation {
  readonly folder: DataFolder;
  readonly collector: string;
  /** Sends a batch as a page does: so many events, with whatever the test has another way. Not loaded yet. */
  store(events: number, more?: object): Promise<void>;
  /** The same, and waits until they are rows. */
  send(events: number, more?: object): Promise<void>;
  /** Puts a record into the log as nobody should, past every rule, and waits until it is rows. */
  smuggle(record: object): Promise<void>;
  /** The set-up as doctor sees it, on a machine in good order, with whatever the test has another way. */
  context(more?: Partial<Omit<Context, 'probes'>> & { readonly probes?: Partial<Probes> }): Promise<Context>;
  /** Ends the collector, the reader, or both, as a crash would: nothing is told to anyone. */
  crash(part: 'collector' | 'reader'): Promise<void>;
  close(): Promise<void>;
}

export interface InstallationOptions {
  readonly sites?: readonly SiteInput[];
  readonly trustProxy?: TrustProxy;
  /** Default: the built-in one alone. */
  readonly policies?: readonly PublishedPolicy[];
  /** The collector's clock, ms since the epoch. Default: this machine's. */
  readonly now?: () => number;
}

/** A person's browser: what Node says of itself counts as a bot. */
export const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';

/** A browser script, in place of the real one. */
export const SCRIPT = { version, file: 'p.js', bytes: new TextEncoder().encode('parcours()') };

export const SITE: SiteInput = { id: 'shop', keys: ['pk_demo'], origins: ['https://shop.example'] };

export async function openInstallation({
  sites = [SITE],
  trustProxy = false,
  policies = [],
  now = Date.now,
}: InstallationOptions = {}): Promise<Installation> {
  const root = await mkdtemp(join(tmpdir(), 'parcours-doctor-'));
  const folder = dataFolder(root);
  await prepareDataFolder(root);
  const { secrets } = await openSecrets(folder.secrets);
  const log = await openLog({ folder: join(folder.logs, 'collector-0') });
  const collector = createCollector({
    sites,
    log,
    cookieSecret: Buffer.from(secrets.cookie, 'base64url'),
    diagnoseSecret: diagnoseSecretOf(secrets.admin),
    scripts: [SCRIPT, { ...SCRIPT, file: 'p.exempt.js' }],
    policies,
    now,
    trustProxy,
  });
  const engine = await openDuckDb({ path: folder.database, folder: folder.store, memoryLimit: '256MB' });
  const loader = createLoader({ logs: folder.logs, engine });
  const instance = randomUUID();
  const journeys = createJourneys({
    engine,
    feed: createLiveFeed(),
    auth: {
      secrets: createConsoleSecrets({ ...secrets, control: () => foldControl([]) }),
      sessionKey: sessionKeyOf(secrets.admin),
    },
    instance,
  });
  const servers = {
    collector: createCollectorServer(collector),
    reader: createServer(getRequestListener(journeys.fetch)),
  };
  const [collectorUrl, readerUrl] = await Promise.all([listen(servers.collector), listen(servers.reader)]);
  const addresses = { collector: collectorUrl, console: readerUrl };
  await writeRunFile(folder.run, {
    ...{ pid: process.pid, instance, ...addresses, started_at: new Date().toISOString(), version, restarts: [] },
  });
  const config = schema.parse({ data: root, sites, trustProxy });

  const store = async (events: number, more: object = {}): Promise<void> => {
    const body = JSON.stringify(aBatch(events, more));
    const headers = { 'content-type': 'text/plain', 'user-agent': PHONE };
    const response = await fetch(`${collectorUrl}/v1/events`, { method: 'POST', headers, body });
    if (!response.ok) throw new Error(await response.text());
  };

  return {
    folder,
    collector: collectorUrl,
    store,
    async send(events, more) {
      await store(events, more);
      await loader.drain();
    },
    async smuggle(record) {
      await log.append(JSON.stringify(record));
      await loader.drain();
    },
    async context({ probes, ...more } = {}) {
      const context = await openContext({ data: root, env: {} });
      return {
        ...context,
        config,
        configFile: undefined,
        sites: config.sites,
        ...more,
        // Whether a time service runs, and how busy the disk is, are this machine's affair.
        probes: { ...context.probes, clockSynchronised: async () => true, syncTimes: () => [0.3, 0.4, 0.9], ...probes },
      };
    },
    crash: (part) => end(servers[part]),
    async close() {
      await Promise.all(Object.values(servers).map(end));
      await loader.stop();
      await engine.close();
      await log.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Runs every check; the lines by the name of the check. */
export async function linesOf(context: Context): Promise<Readonly<Record<string, CheckReport>>> {
  const { checks } = await runChecks(CHECKS, context);
  return Object.fromEntries(checks.map((line) => [line.check, line]));
}

/** Runs one check. */
export async function lineOf(context: Context, name: string): Promise<CheckReport> {
  const { checks } = await runChecks(
    CHECKS.filter((check) => check.name === name),
    context,
  );
  return checks[0] as CheckReport;
}

/** The lines that are neither ok nor left out, each as its verdict and the codes of its faults: `{ disk: 'red full' }`. */
export async function troublesOf(context: Context): Promise<Readonly<Record<string, string>>> {
  const lines = Object.values(await linesOf(context)).filter(
    ({ verdict }) => verdict === 'warning' || verdict === 'red',
  );
  return Object.fromEntries(
    lines.map(({ check, verdict, faults }) => [check, [verdict, ...faults.map(({ code }) => code)].join(' ')]),
  );
}

function aBatch(events: number, more: object): object {
  const now = new Date().toISOString();
  return {
    ...{ v: 1, site: 'shop', key: 'pk_demo', sdk: version, sent_at: now },
    stamps: [{ purposes: ['audience'], source: 'manual', at: now }],
    events: Array.from({ length: events }, () => ({
      ...{ event_id: randomUUID(), type: 'page_view', occurred_at: now, stamp: 0, visitor_id: 'visitor-1' },
      page: { url: 'https://shop.example/boots' },
    })),
    ...more,
  };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function end(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
