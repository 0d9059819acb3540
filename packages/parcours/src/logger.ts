import pino, { type Logger } from 'pino';
import type { Config } from './config/index.ts';

/** JSON lines on standard error, so that what a command answers stays alone on standard output. */
export const createLogger = (level: Config['logLevel'], part: string): Logger =>
  pino(
    {
      level,
      base: { part },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ dest: 2, sync: true }),
  );
