import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { collectorDocument, createMetricsGuard } from '@parcours/collector';
import { createJourneys, createLiveFeed } from '@parcours/journeys';
import { createLoader, createSubjects, type LoaderOptions, maintain } from '@parcours/store';
import { createConsoleSecrets, sessionKeyOf } from '../console_secrets.ts';
import { consoleStatus } from '../console_status.ts';
import { followControl } from '../control_feed.ts';
import { dataFolder } from '../data_folder.ts';
import { openEngine } from '../engine.ts';
import { followSettled } from '../failed/follow.ts';
import { reasonOf } from '../fault_fields.ts';
import { createLogger } from '../logger.ts';
import { createProcessRegistry } from '../metrics/process.ts';
import { programMetrics } from '../metrics/program.ts';
import { readerMetrics } from '../metrics/reader.ts';
import { retentionMetrics } from '../metrics/retention.ts';
import { pushMetrics } from '../otel/index.ts';
import { reportKOf } from '../policy/report_k.ts';
import { consolePrivacy } from '../privacy/console_privacy.ts';
import { requestLog } from '../request_log.ts';
import { createRetention } from '../retention/keep_retention.ts';
import { readRetentionFile } from '../retention/retention_file.ts';
import { readSecrets } from '../secrets.ts';
import { sitesInForce } from '../sites/in_force.ts';
import { followErased } from '../subjects/follow_erased.ts';
import { subjectsOf } from '../subjects/subjects_of.ts';
import { openVisitorDoor } from '../subjects/visitor_door.ts';
import { version } from '../version.ts';
import type { StartChild } from './messages.ts';

const MAINTAIN_MS = 3_600_000;
/** Less than what any proxy on the way waits for an answer. */
const ERASURE_WAIT_MS = 10_000;

/** The private side: loads the log into tables, and answers from them. It may crash: nothing acknowledged is in it alone. */
export const startReader: StartChild = async (config, { instance, status }) => {
  const folder = dataFolder(config.data);
  const logger = createLogger(config.logLevel, 'reader');
  const secrets = await readSecrets(folder.secrets);
  const { admin, pepper } = secrets;
  const registry = createProcessRegistry({ part: 'reader', data: folder.root });
  programMetrics(registry, status);
  const stopPushing = await pushMetrics(registry, config, { part: 'reader', instance, logger });
  const control = await followControl(folder, { logger, registry });
  const feed = createLiveFeed();
  const metrics = readerMetrics(registry, { folder, feed });
  const onRebuild = (reason: string): void => {
    metrics.rebuilding();
    logger.warn({ reason: reasonOf(reason, folder.root) }, 'rebuilding the database');
  };
  const onBad: LoaderOptions['onBad'] = (log, { offset, reason }) =>
    logger.error({ log, offset, reason }, 'a bad line of the log');
  const engine = metrics.observed(await openEngine(config, onRebuild, onBad));
  const loader = createLoader({
    logs: folder.logs,
    engine,
    onError: (error) => {
      metrics.loadFailed();
      logger.error({ reason: reasonOf(error, folder.root) }, 'loading failed, will try again');
    },
    onBad,
  });
  feed.onWatch(() => loader.onChunk((records) => records.forEach(feed.publish)));
  metrics.follow(loader);
  const stopSettling = await followSettled(engine, {
    feed: control,
    onError: (error) => logger.error({ reason: reasonOf(error, folder.root) }, 'settled failures stay for now'),
  });
  const stopErasing = await followErased(engine, {
    feed: control,
    key: Buffer.from(secrets.receipts, 'base64url'),
    onError: (error) =>
      logger.error({ reason: reasonOf(error, folder.root) }, 'somebody erased stays in tables for now'),
  });
  loader.start();

  let maintaining: Promise<unknown> = Promise.resolve();
  const tidy = (): void => {
    maintaining = maintain({ engine, logs: folder.logs, now: Date.now(), logDays: config.logDays }).then(
      metrics.maintained,
      (error) => {
        metrics.maintenanceFailed();
        logger.error({ reason: reasonOf(error, folder.root) }, 'sealing or retention failed, will try again');
      },
    );
  };
  const hourly = setInterval(tidy, MAINTAIN_MS);
  tidy();

  const told = retentionMetrics(registry, (await readRetentionFile(folder.retention)).last_run);
  const retention = createRetention({
    ...{ engine, folder, secrets, writer: 'reader' },
    logDays: config.logDays,
    control: () => control.state,
    onDone(run) {
      told.done(run);
      logger.info(
        { removed: run.rows.reduce((sum, { removed }) => sum + removed, 0), ms: run.took_ms },
        'retention ran',
      );
    },
    onFailed(error) {
      told.failed();
      logger.error({ reason: reasonOf(error, folder.root) }, 'retention broke off, will try again');
    },
  });
  const stopRetention = retention.startDaily();

  const sitesNow = () => sitesInForce({ configured: config.sites, control: control.state, now: Date.now() });
  const tellRequest = requestLog(logger);
  let isStopping = false;
  const subjects = subjectsOf({
    engine,
    drain: loader.drain,
    folder,
    secrets,
    writer: 'reader',
    logDays: config.logDays,
    sealing: {
      waitMs: ERASURE_WAIT_MS,
      onFailed(error) {
        // The next start goes on with them.
        if (isStopping) return;
        logger.error(
          { reason: reasonOf(error, folder.root) },
          'sealed days hold somebody erased for now, will try again',
        );
      },
    },
    create: createSubjects,
  });
  const app = createJourneys({
    engine,
    feed,
    collector: () => collectorDocument(config),
    auth: {
      secrets: createConsoleSecrets({ admin, pepper, control: () => control.state }),
      sessionKey: sessionKeyOf(admin),
    },
    ...(config.consoleUrl && { publicOrigin: config.consoleUrl }),
    instance,
    version,
    status: () => consoleStatus(status()),
    loader: () => loader.stats(),
    subjects,
    sites: sitesNow,
    reportK: (site) =>
      reportKOf(
        control.state,
        site,
        sitesNow().map(({ id }) => id),
      ),
    onRequest: (line, fault) => {
      metrics.request(line);
      tellRequest(line, fault);
    },
    metrics: { text: () => registry.metrics(), mayRead: createMetricsGuard(config.metricsFrom) },
    privacy: consolePrivacy({ folder, secrets, control: () => control.state }),
    retention: {
      run: ({ holder, ...asked }) => retention.run({ by: holder.role, by_key: holder.id }, asked),
    },
  });
  const server = createServer(getRequestListener(app.fetch));
  server.listen(config.consolePort, config.consoleHost);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const closeDoor = await openVisitorDoor({
    socket: folder.door,
    subjects,
    onError: (error) => logger.error({ reason: reasonOf(error, folder.root) }, 'a visitor did not get an export'),
  }).catch((error: unknown) => {
    logger.error({ reason: reasonOf(error, folder.root) }, 'visitors get no exports: the socket cannot be made');
    return async () => undefined;
  });
  logger.info({ version, port }, 'started');
  return {
    address: `http://127.0.0.1:${port}`,
    figures() {
      const { lagMs, backlogBytes, loadedRows, lastError } = loader.stats();
      return { role: 'reader', lagMs, backlogBytes, loadedRows, isFailing: lastError !== undefined };
    },
    async stop() {
      logger.info('stopping');
      isStopping = true;
      clearInterval(hourly);
      await closeDoor();
      const closed = once(server, 'close');
      server.close();
      // Open live views would hold the server for ever.
      server.closeAllConnections();
      await closed;
      await loader.stop();
      await stopSettling();
      await stopRetention();
      await stopErasing();
      await maintaining;
      await stopPushing();
      await engine.close();
      await control.stop();
    },
  };
};
