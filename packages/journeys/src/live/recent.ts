import type { Engine } from '@parcours/store';
import type { LiveLine } from './feed.ts';

/** What a page that is opened now shows first: the newest lines of all three outcomes, oldest first. */
const RECENT = `
  SELECT received_at, site, type, decision, detail, count FROM (
    SELECT received_at, occurred_at, site, type, 'accepted' AS decision,
           concat_ws(' ', CASE WHEN source = 'web' THEN path ELSE source END, order_id) AS detail, 1 AS count
    FROM events
    UNION ALL
    SELECT received_at, received_at, site, coalesce(type, ''), 'failed',
           CASE WHEN path = '' THEN code ELSE code || ': ' || path END, 1
    FROM failed
    UNION ALL
    SELECT received_at, received_at, site, type, 'filtered', code, count
    FROM filtered
  )
  ORDER BY received_at DESC, occurred_at DESC
  LIMIT 50`;

export async function recentLines(engine: Engine): Promise<readonly LiveLine[]> {
  const { rows } = await engine.query(RECENT);
  return rows
    .map(([received_at, site, type, decision, detail, count]) => ({
      received_at: String(received_at),
      site: String(site),
      type: String(type),
      decision: decision as LiveLine['decision'],
      detail: String(detail ?? ''),
      count: Number(count),
    }))
    .reverse();
}
