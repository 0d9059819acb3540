import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createCollector } from '@parcours/collector';
import { createCollectorServer } from '@parcours/collector/node';
import { openLog } from '@parcours/store/log';
import { followControl } from '../control_feed.ts';
import { dataFolder } from '../data_folder.ts';
import { diagnoseSecretOf } from '../diagnose_secret.ts';
import { createLogger } from '../logger.ts';
import { createProcessRegistry } from '../metrics/process.ts';
import { programMetrics } from '../metrics/program.ts';
import { pushMetrics } from '../otel/index.ts';
import { requestLog } from '../request_log.ts';
import { openScriptArchive } from '../scripts_archive.ts';
import { readSdkScripts } from '../sdk_scripts.ts';
import { readSecrets } from '../secrets.ts';
import { followSites } from '../sites/follow.ts';
import { version } from '../version.ts';
import type { StartChild } from './messages.ts';

/** The public side: receives events and makes them durable. No database engine is loaded here. */
export const startCollector: StartChild = async (config, instance, status) => {
  const folder = dataFolder(config.data);
  const logger = createLogger(config.logLevel, 'collector');
  const secrets = await readSecrets(folder.secrets);
  const registry = createProcessRegistry({ part: 'collector', data: folder.root });
  programMetrics(registry, status);
  const stopPushing = await pushMetrics(registry, config, { part: 'collector', instance, logger });
  const log = await openLog({ folder: join(folder.logs, 'collector-0') });
  const feed = await followControl(folder, { logger, registry });
  const collector = createCollector({
    // Set below, before it listens.
    sites: [],
    secretPepper: Buffer.from(secrets.pepper, 'base64url'),
    log,
    cookieSecret: Buffer.from(secrets.cookie, 'base64url'),
    scripts: await openScriptArchive(folder.scripts, await readSdkScripts()),
    ...(config.scriptPath && { scriptPath: config.scriptPath }),
    ...(config.endpointPath && { endpointPath: config.endpointPath }),
    trustProxy: config.trustProxy,
    addressHeader: config.addressHeader,
    diagnoseSecret: diagnoseSecretOf(secrets.admin),
    rateLimits: config.rateLimits,
    metricsFrom: config.metricsFrom,
    registry,
    onRequest: requestLog(logger),
    namesTaken: logger.isLevelEnabled('info'),
  });
  const unfollow = followSites({
    configured: config.sites,
    feed,
    onSites: collector.setSites,
    onWrong: (site, reason) => logger.error({ site, reason }, 'a site that commands added cannot be used'),
  });
  const server = createCollectorServer(collector);
  server.listen(config.port, config.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  logger.info({ version, host: config.host, port }, 'started');
  return {
    address: `http://localhost:${port}`,
    figures() {
      const { pendingBytes, backlogBytes, writable } = log.stats();
      return { role: 'collector', accounts: collector.accounts(), pendingBytes, backlogBytes, isWritable: writable };
    },
    async stop() {
      logger.info('stopping');
      collector.drain();
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
      await stopPushing();
      unfollow();
      await feed.stop();
      await log.close();
    },
  };
};
