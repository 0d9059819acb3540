import type { Engine } from '@parcours/store';
import { z } from 'zod';

const step = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be the name of an event, such as add_to_cart');

/** What a funnel is asked. */
export const funnelOptions = z.strictObject({
  /** Event names in order. The same name may stand twice: then it must happen twice. */
  steps: z.array(step).min(2, 'must name two steps or more').max(12, 'must name twelve steps at the most'),
  /** Days back from now, 1 to 366. */
  days: z.int().min(1).max(366).default(7),
  /** Hours from the first step within which the last must happen, inclusive. */
  windowHours: z.number().positive().max(8784).default(168),
  site: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be a site id')
    .optional(),
});

export type FunnelOptions = z.output<typeof funnelOptions>;

/** One step of a funnel: how many visitors got that far. */
export interface FunnelStep {
  readonly step: string;
  readonly visitors: number;
  /** Share of the step before, 0 to 1; null for the first step and where nobody was before. */
  readonly stepRate: number | null;
  /** Share of the first step. */
  readonly overallRate: number | null;
  /** Median and 90th percentile of the time from the first step to this one, over its visitors, ms. */
  readonly medianMs: number | null;
  readonly p90Ms: number | null;
}

export interface Funnel {
  readonly options: FunnelOptions;
  readonly steps: readonly FunnelStep[];
  /** How it was counted, in words: printed with the result. */
  readonly conventions: readonly string[];
}

const CONVENTIONS = [
  'Counted are visitors (devices), bots left out; steps in order, other events in between allowed.',
  'The window runs from the first step, inclusive; a repeat of the first step begins a new attempt, the best attempt counts.',
  'A purchase is an order: told by browser and server, or told twice, it counts once, for the visitor that the order is linked to.',
  'Events of the same millisecond are ordered by their ids.',
];

/**
 * An ordered funnel over events; purchases are those of the view `orders`, each order once.
 *
 * Level by level, each event of step k takes over the latest start among the events of step k - 1 before it, if the window
 * still holds: the algorithm of ClickHouse's `windowFunnel`, as window functions. A chain of ASOF LEFT JOINs would read
 * simpler, and has returned wrong rows for null keys in DuckDB 1.5.
 *
 * Cost: one sort of the steps' events of the period by visitor and time, then one pass a step; with purchases, one more
 * read of all events that name an order.
 */
export async function funnel(engine: Engine, options: FunnelOptions): Promise<Funnel> {
  const { rows } = await engine.query(funnelSql(options));
  const reached = new Map(rows.map(([level, visitors, median, p90]) => [Number(level), { visitors, median, p90 }]));
  const visitorsAt = (index: number): number => Number(reached.get(index + 1)?.visitors ?? 0);
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  const ms = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value));
  return {
    options,
    conventions: CONVENTIONS,
    steps: options.steps.map((name, index) => ({
      step: name,
      visitors: visitorsAt(index),
      stepRate: index === 0 ? null : share(visitorsAt(index), visitorsAt(index - 1)),
      overallRate: share(visitorsAt(index), visitorsAt(0)),
      medianMs: index === 0 ? null : ms(reached.get(index + 1)?.median),
      p90Ms: index === 0 ? null : ms(reached.get(index + 1)?.p90),
    })),
  };
}

/** Names and numbers in it have passed the schema above: letters, digits and `_` alone. */
function funnelSql(options: FunnelOptions): string {
  const { steps, windowHours } = options;
  const windowMs = Math.round(windowHours * 3_600_000);
  const levels = steps.map((name, index) => {
    const level = index + 1;
    if (level === 1) return `level1 AS (SELECT *, CASE WHEN type = '${name}' THEN moment END AS start1 FROM steps)`;
    return `level${level} AS (
      SELECT * EXCLUDE (before), CASE WHEN type = '${name}' AND moment - before <= ${windowMs} THEN before END AS start${level}
      FROM (SELECT *, max(start${level - 1}) OVER (
              PARTITION BY site, visitor_id ORDER BY moment, event_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS before FROM level${level - 1})
    )`;
  });
  const reached = steps.map(
    (_, index) => `
      SELECT ${index + 1} AS level, site, visitor_id, min(moment - start${index + 1}) AS took
      FROM level${steps.length} WHERE start${index + 1} IS NOT NULL GROUP BY site, visitor_id`,
  );
  return `
    WITH steps AS (
      ${stepsSql(options)}
    ),
    ${levels.join(',\n    ')}
    SELECT level, count(*) AS visitors, median(took) AS median, quantile_cont(took, 0.9) AS p90
    FROM (${reached.join(' UNION ALL ')})
    GROUP BY level ORDER BY level`;
}

/** The step that is counted by order. */
const PURCHASE = 'purchase';

/** Every event of the period that is a step. */
function stepsSql({ steps, days, site }: FunnelOptions): string {
  const names = [...new Set(steps)].filter((name) => name !== PURCHASE).map((name) => `'${name}'`);
  const where = `visitor_id IS NOT NULL AND occurred_at >= now()::TIMESTAMP - INTERVAL '${days} days'
        ${site === undefined ? '' : `AND site = '${site}'`}`;
  const events = `
      SELECT site, visitor_id, type, event_id, epoch_ms(occurred_at) AS moment
      FROM events
      WHERE type IN (${names.join(', ')}) AND NOT bot AND ${where}`;
  const orders = `
      SELECT site, visitor_id, '${PURCHASE}' AS type, event_id, epoch_ms(occurred_at) AS moment
      FROM orders
      WHERE ${where}`;
  return [...(names.length > 0 ? [events] : []), ...(steps.includes(PURCHASE) ? [orders] : [])].join(' UNION ALL ');
}
