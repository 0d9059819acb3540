import type { ControlState } from './kinds/index.ts';
import type { SiteAdded } from './kinds/site_added.ts';
import { compareRecords } from './record.ts';

/** The sites that were added and not removed since, oldest first. */
export function sitesOf(state: ControlState): readonly SiteAdded[] {
  return [...state.site_added.values()]
    .filter((added) => {
      const removed = state.site_removed.get(added.site);
      return removed === undefined || compareRecords(added, removed) > 0;
    })
    .sort(compareRecords);
}
