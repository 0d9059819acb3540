import type { ConfigInput } from './schema.ts';

/**
 * The configuration of a `parcours.config.ts`, checked by the editor as it is written.
 *
 * Alone in its file, and an entry of its own: a configuration file that imports it loads nothing of the program.
 *
 * @example
 * export default defineConfig({ sites: [{ id: 'shop', keys: ['pk_demo'], origins: ['https://shop.example'] }] });
 */
export const defineConfig = (input: ConfigInput): ConfigInput => input;
