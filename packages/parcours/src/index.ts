/** The program's own API, for those who start it from code. */
export type { Config, ConfigFault, ConfigInput } from './config/index.ts';
export { ConfigError, config, defineConfig, definePolicy, loadConfig } from './config/index.ts';
export { program } from './program.ts';
