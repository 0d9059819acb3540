/** The program's own API, for those who start it from code. */
export type { Config } from './config.ts';
export { ConfigError, config, loadConfig } from './config.ts';
export { program } from './program.ts';
