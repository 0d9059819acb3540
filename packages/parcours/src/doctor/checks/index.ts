import type { Check } from '../check.ts';
import { address } from './address.ts';
import { audit } from './audit.ts';
import { backlog } from './backlog.ts';
import { clock } from './clock.ts';
import { configuration } from './configuration.ts';
import { cookie } from './cookie.ts';
import { cors } from './cors.ts';
import { csp } from './csp.ts';
import { disk } from './disk.ts';
import { failures } from './failures.ts';
import { fileSystem } from './file_system.ts';
import { fsync } from './fsync.ts';
import { keys } from './keys.ts';
import { log } from './log.ts';
import { policy } from './policy.ts';
import { proxy } from './proxy.ts';
import { receipts } from './receipts.ts';
import { running } from './running.ts';
import { secrets } from './secrets.ts';
import { tables } from './tables.ts';
import { versions } from './versions.ts';

/** Every check, in the order of the lines. A new one is its file and its line here. */
export const CHECKS: readonly Check[] = [
  ...[running, configuration, secrets, keys, policy, versions],
  ...[fileSystem, disk, fsync, clock],
  ...[log, receipts, audit, backlog, failures, tables],
  ...[address, proxy, cors, cookie, csp],
];
