import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createCollector } from '@parcours/collector';
import { createCollectorServer } from '@parcours/collector/node';
import { openLog } from '@parcours/store/log';
import { openConsent } from '../consent/open_consent.ts';
import { createVisitorAudit } from '../consent/visitor_audit.ts';
import { followControl } from '../control_feed.ts';
import { dataFolder } from '../data_folder.ts';
import { diagnoseSecretOf } from '../diagnose_secret.ts';
import { reasonOf } from '../fault_fields.ts';
import { createLogger } from '../logger.ts';
import { createProcessRegistry } from '../metrics/process.ts';
import { programMetrics } from '../metrics/program.ts';
import { pushMetrics } from '../otel/index.ts';
import { followPolicies } from '../policy/follow_policies.ts';
import { requestLog } from '../request_log.ts';
import { openScriptArchive } from '../scripts_archive.ts';
import { readSdkScripts } from '../sdk_scripts.ts';
import { readSecrets } from '../secrets.ts';
import { followSites } from '../sites/follow.ts';
import { createAskVisitorDoor } from '../subjects/ask_visitor_door.ts';
import { version } from '../version.ts';
import type { StartChild } from './messages.ts';

/**
 * How many new connections the system holds until they are taken. Beyond them it drops what it has already granted, which a
 * sender learns of seconds later or by a reset; Node's 511 are too few for a crowd, which is to be told 503.
 */
const BACKLOG = 4_096;

/** The public side: receives events and makes them durable. No database engine is loaded here. */
export const startCollector: StartChild = async (config, { instance, writer, status }) => {
  const folder = dataFolder(config.data);
  const logger = createLogger(config.logLevel, 'collector');
  const secrets = await readSecrets(folder.secrets);
  const registry = createProcessRegistry({ part: 'collector', data: folder.root });
  programMetrics(registry, status);
  const stopPushing = await pushMetrics(registry, config, { part: 'collector', instance, logger });
  const log = await openLog({ folder: join(folder.logs, writer) });
  const feed = await followControl(folder, { logger, registry });
  const consent = await openConsent({ folder, writer, secrets, feed });
  const collector = createCollector({
    // Set below, before it listens.
    sites: [],
    secretPepper: Buffer.from(secrets.pepper, 'base64url'),
    log,
    consent,
    rights: {
      recordErasure: consent.recordErasure,
      exportVisitor: createAskVisitorDoor(folder.door),
      audit: createVisitorAudit({
        folder: folder.audit,
        writer,
        signingKey: Buffer.from(secrets.signing, 'base64url'),
        onError: (action, error) =>
          logger.error({ action, reason: reasonOf(error, folder.root) }, 'done, and not in the audit log'),
      }),
      logDays: config.logDays,
    },
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
  const unfollowPolicies = followPolicies({
    feed,
    onPolicies: collector.setPolicies,
    onWrong: (policy, reason) =>
      logger.error({ policy, reason }, 'a policy that was published cannot be read: nothing can be granted under it'),
  });
  const server = createCollectorServer(collector);
  server.listen({ port: config.port, host: config.host, backlog: BACKLOG });
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
      unfollowPolicies();
      await feed.stop();
      await log.close();
      await consent.close();
    },
  };
};
