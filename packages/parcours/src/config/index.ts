export { defineConfig, definePolicy } from './define_config.ts';
export { ConfigError, type ConfigFault } from './error.ts';
export { findConfigFile, readConfigFile } from './file.ts';
export { type Loaded, loadConfig, loadSettings } from './load.ts';
export { pathText, valueAt } from './path.ts';
export { type Config, type ConfigInput, config } from './schema.ts';
export { configSchema, type Setting, settings } from './settings.ts';
export { isSecret, shownValue } from './shown_value.ts';
