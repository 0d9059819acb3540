import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { collectorDocument, createMetricsGuard } from '@parcours/collector';
import { createJourneys, createLiveFeed } from '@parcours/journeys';
import { createLoader, maintain } from '@parcours/store';
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
import { pushMetrics } from '../otel/index.ts';
import { requestLog } from '../request_log.ts';
import { readSecrets } from '../secrets.ts';
import { sitesInForce } from '../sites/in_force.ts';
import { version } from '../version.ts';
import type { StartChild } from './messages.ts';

const MAINTAIN_MS = 3_600_000;

/** The private side: loads the log into tables, and answers from them. It may crash: nothing acknowledged is in it alone. */
export const startReader: StartChild = async (config, instance, status) => {
  const folder = dataFolder(config.data);
  const logger = createLogger(config.logLevel, 'reader');
  const { admin, pepper } = await readSecrets(folder.secrets);
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
  const engine = metrics.observed(await openEngine(config, onRebuild));
  const loader = createLoader({
    logs: folder.logs,
    engine,
    onError: (error) => {
      metrics.loadFailed();
      logger.error({ reason: reasonOf(error, folder.root) }, 'loading failed, will try again');
    },
    onBad: (log, line) => logger.error({ log, offset: line.offset, reason: line.reason }, 'a bad line of the log'),
  });
  feed.onWatch(() => loader.onChunk((records) => records.forEach(feed.publish)));
  metrics.follow(loader);
  const stopSettling = await followSettled(engine, {
    feed: control,
    onError: (error) => logger.error({ reason: reasonOf(error, folder.root) }, 'settled failures stay for now'),
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

  const tellRequest = requestLog(logger);
  const app = createJourneys({
    engine,
    feed,
    collector: collectorDocument(config),
    auth: {
      secrets: createConsoleSecrets({ admin, pepper, control: () => control.state }),
      sessionKey: sessionKeyOf(admin),
    },
    ...(config.consoleUrl && { publicOrigin: config.consoleUrl }),
    instance,
    version,
    status: () => consoleStatus(status()),
    loader: () => loader.stats(),
    sites: () => sitesInForce({ configured: config.sites, control: control.state, now: Date.now() }),
    onRequest: (line, fault) => {
      metrics.request(line);
      tellRequest(line, fault);
    },
    metrics: { text: () => registry.metrics(), mayRead: createMetricsGuard(config.metricsFrom) },
  });
  const server = createServer(getRequestListener(app.fetch));
  server.listen(config.consolePort, config.consoleHost);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  logger.info({ version, port }, 'started');
  return {
    address: `http://127.0.0.1:${port}`,
    figures() {
      const { lagMs, backlogBytes, loadedRows, lastError } = loader.stats();
      return { role: 'reader', lagMs, backlogBytes, loadedRows, isFailing: lastError !== undefined };
    },
    async stop() {
      logger.info('stopping');
      clearInterval(hourly);
      const closed = once(server, 'close');
      server.close();
      // Open live views would hold the server for ever.
      server.closeAllConnections();
      await closed;
      await loader.stop();
      await stopSettling();
      await maintaining;
      await stopPushing();
      await engine.close();
      await control.stop();
    },
  };
};
