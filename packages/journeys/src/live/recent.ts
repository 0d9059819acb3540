import type { Engine } from '@parcours/store';
import type { LiveLine } from './feed.ts';

/** What a page that is opened now shows first: the newest lines of all three outcomes, oldest first. */
const recentSql = (limit: number, where: string): string => `
  SELECT received_at, site, type, decision, detail, count FROM (
    SELECT received_at, occurred_at, site, type, 'accepted' AS decision,
           concat_ws(' ', CASE WHEN source = 'web' THEN path ELSE source END, order_id) AS detail, 1 AS count
    FROM events ${where}
    UNION ALL
    SELECT received_at, received_at, site, coalesce(type, ''), 'failed',
           CASE WHEN path = '' THEN code ELSE code || ': ' || path END, 1
    FROM failed ${where}
    UNION ALL
    SELECT received_at, received_at, site, type, 'filtered', code, count
    FROM filtered ${where}
  )
  ORDER BY received_at DESC, occurred_at DESC
  LIMIT ${limit}`;

/** @param since ms since the epoch; without it all that is there */
export async function recentLines(
  engine: Engine,
  { limit = 50, since }: { readonly limit?: number; readonly since?: number } = {},
): Promise<readonly LiveLine[]> {
  const where =
    since === undefined ? '' : `WHERE received_at >= TIMESTAMP '${new Date(since).toISOString().slice(0, -1)}'`;
  const { rows } = await engine.query(recentSql(limit, where));
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
