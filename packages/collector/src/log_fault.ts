import type { LogError } from '@parcours/store/log';
import { CollectorError } from './errors.ts';

/** Seconds after which to come again when the log is full or broken: it looks at the disk once a second. */
export const RETRY_SECONDS = 2;

/** What is answered where the disk cannot take what was sent. */
export const logFault = (cause: LogError): CollectorError =>
  new CollectorError(cause.code === 'overloaded' ? 'overloaded' : 'store_unavailable', undefined, {
    cause,
    retryAfter: RETRY_SECONDS,
  });
