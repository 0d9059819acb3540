import type { RequestLine } from '@parcours/collector';
import type { Logger } from 'pino';
import { faultFields } from './fault_fields.ts';

/** Writes one line a request: at `info`, and at `error` with what is behind it where it is a 500. */
export function requestLog(logger: Logger): (line: Omit<RequestLine, 'code'>, fault?: unknown) => void {
  const isTold = logger.isLevelEnabled('info');
  return (line, fault) => {
    if (fault !== undefined) logger.error({ ...line, ...faultFields(fault) }, 'request failed');
    else if (isTold) logger.info(line, 'request');
  };
}
