import { LIMITS, type SiteRules } from '@parcours/protocol';
import { longestDays, type PolicyState } from './longest_days.ts';

export type { PolicyState } from './longest_days.ts';

/**
 * Days that a mark of somebody erased holds, of all sites the longest: as long as anything could bring them back.
 *
 * - `tombstones_days` of the policy at least: 425, 14 months, by default.
 * - A browser that was offline: its id lives `cookie_days` from before the erasure on, and what it queued under it 7 days more.
 * - A backup from before the erasure, or a log in it: nothing in it outlives `events_days`, for retention takes it after a restore.
 */
export const tombstoneDays = (state: PolicyState): number => longestDays(state, daysOf);

function daysOf({ cookie_days, retention }: SiteRules): number {
  const { tombstones_days, events_days } = retention;
  return Math.max(tombstones_days, cookie_days + LIMITS.queueDays, events_days + 1);
}
