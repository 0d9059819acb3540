import type { Policy } from '../consent/policy.ts';

/**
 * The policy of a `consent.policy.ts`, checked by the editor as it is written.
 *
 * @example
 * export default definePolicy({ policy: 1, version: '1.0.0', sites: { 'shop-fr': { before_choice: 'drop' } } });
 */
export const definePolicy = (policy: Policy): Policy => policy;
