import type { Logger } from 'pino';
import type { Config } from '../config/index.ts';
import { createLogger } from '../logger.ts';

/** What the parent has to say while the program runs. */
export interface ProgramLog {
  info(line: string, fields?: object): void;
  warn(line: string, fields?: object): void;
  error(line: string, fields?: object): void;
}

/**
 * One plain line each where a person reads along, and the same JSON as the other parts' everywhere else, so that whatever
 * collects the log needs one reader.
 */
export function createProgramLog(
  level: Config['logLevel'],
  { isTerminal = process.stderr.isTTY === true } = {},
): ProgramLog {
  if (!isTerminal) return ofLogger(createLogger(level, 'program'));
  const plain = (line: string): void => void process.stderr.write(`parcours: ${line}\n`);
  const isTold = (wanted: Config['logLevel']): boolean => LEVELS.indexOf(wanted) >= LEVELS.indexOf(level);
  const at = (wanted: Config['logLevel']) => (line: string) => void (isTold(wanted) && plain(line));
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

const LEVELS = ['debug', 'info', 'warn', 'error'];

const ofLogger = (logger: Logger): ProgramLog => ({
  info: (line, fields = {}) => logger.info(fields, line),
  warn: (line, fields = {}) => logger.warn(fields, line),
  error: (line, fields = {}) => logger.error(fields, line),
});
