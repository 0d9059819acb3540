import type { Engine } from '@parcours/store';

/** The things by which page views are counted, one at a time. */
export const DIMENSIONS = ['path', 'referrer_host', 'device', 'browser', 'os', 'screen'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** Page views of one site, UTC day and value, as `exempt_counts` tells them: rounded to ten, none under ten. */
export interface ExemptCount {
  readonly site: string;
  /** Beginning of the day, ms since the epoch. */
  readonly day: number;
  /** Empty where an event has none; null for all that is too small to be told apart. */
  readonly value: string | null;
  readonly count: number;
  /** Absent where visitors are not counted. */
  readonly visitors?: number;
}

export interface ExemptCounts {
  readonly counts: readonly ExemptCount[];
  /** There are more than are told. */
  readonly truncated: boolean;
}

const MAX_ROWS = 500;

/** Page views that were measured without consent, by one thing, the newest days first. A day is told once it is over. */
export async function exemptCounts(engine: Engine, dimension: Dimension): Promise<ExemptCounts> {
  const { rows, truncated } = await engine.query(sqlOf(dimension), { maxRows: MAX_ROWS, timeoutMs: 10_000 });
  return {
    truncated,
    counts: rows.map(([site, day, value, count, visitors]) => ({
      site: String(site),
      day: Number(day),
      value: value === null ? null : String(value),
      count: Number(count),
      ...(visitors !== null && { visitors: Number(visitors) }),
    })),
  };
}

const sqlOf = (dimension: Dimension): string => `
  SELECT site, epoch_ms(received_at) AS day, value, count, visitors
  FROM exempt_counts
  WHERE type = 'page_view' AND dimension = '${dimension}'
  ORDER BY received_at DESC, site, value IS NULL, count DESC, value`;
