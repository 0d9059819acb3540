import type { Policy } from '@parcours/protocol';
import type { ConfigInput } from './schema.ts';

/**
 * The configuration of a `parcours.config.ts`, checked by the editor as it is written.
 *
 * This file is an entry of its own: a file of code that imports it loads nothing of the program.
 *
 * @example
 * export default defineConfig({ sites: [{ id: 'shop', keys: ['pk_demo'], origins: ['https://shop.example'] }] });
 */
export const defineConfig = (input: ConfigInput): ConfigInput => input;

/**
 * The policy of a `consent.policy.ts`, checked by the editor as it is written.
 *
 * @example
 * export default definePolicy({ policy: 1, version: '1.0.0', sites: { shop: { before_choice: 'drop' } } });
 */
export const definePolicy = (policy: Policy): Policy => policy;
