import { DEFAULT_RULES } from '@parcours/protocol';
import type { Engine } from '@parcours/store';
import { z } from 'zod';

const step = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be the name of an event, such as add_to_cart');

/** What a funnel is asked. */
export const funnelOptions = z
  .strictObject({
    steps: z
      .array(step)
      .min(2, 'must name two steps or more')
      .max(12, 'must name twelve steps at the most')
      .describe('Event names in order. The same name may stand twice: then it must happen twice.'),
    days: z.int().min(1).max(366).default(7).describe('Days back from now.'),
    windowHours: z
      .number()
      .positive()
      .max(8784)
      .default(168)
      .describe('Hours from the first step within which the last must happen, inclusive.'),
    site: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be a site id')
      .optional(),
  })
  .describe('What a funnel is asked.');

export type FunnelOptions = z.output<typeof funnelOptions>;

const rate = z.number().min(0).max(1).nullable();
const time = z.number().min(0).nullable();

const funnelStep = z
  .strictObject({
    step: z.string(),
    visitors: z.int().min(0).nullable().describe('Rounded to the nearest `reportK`; null: fewer than that.'),
    stepRate: rate.describe(
      'Share of the step before, both rounded; null for the first step, and where one is not told.',
    ),
    overallRate: rate.describe('Share of the first step, both rounded; null where one is not told.'),
    medianMs: time.describe('Median of the time from the first step to this one, over its visitors.'),
    p90Ms: time.describe('90th percentile of the same.'),
  })
  .meta({ id: 'FunnelStep', description: 'How many visitors got that far.' });

export const funnelResult = z
  .strictObject({
    options: funnelOptions.describe('As asked, with the defaults filled in.'),
    steps: z.array(funnelStep),
    reportK: z.int().min(1).describe('The smallest group that is told, and what groups are rounded to, by the policy.'),
    conventions: z.array(z.string()).describe('How it was counted, in words: printed with the result.'),
  })
  .meta({ id: 'Funnel', description: 'An ordered funnel.' });

export type FunnelStep = Readonly<z.output<typeof funnelStep>>;

export interface Funnel {
  readonly options: FunnelOptions;
  readonly steps: readonly FunnelStep[];
  readonly reportK: number;
  readonly conventions: readonly string[];
}

export const funnelExample = {
  options: { steps: ['view_item', 'add_to_cart', 'purchase'], days: 7 },
  result: {
    options: { steps: ['view_item', 'add_to_cart', 'purchase'], days: 7, windowHours: 168 },
    steps: [
      { step: 'view_item', visitors: 40, stepRate: null, overallRate: 1, medianMs: null, p90Ms: null },
      { step: 'add_to_cart', visitors: 10, stepRate: 0.25, overallRate: 0.25, medianMs: 600_000, p90Ms: 900_000 },
      { step: 'purchase', visitors: null, stepRate: null, overallRate: null, medianMs: null, p90Ms: null },
    ],
    reportK: 10,
    conventions: ['Counted are visitors (devices), bots left out; steps in order, other events in between allowed.'],
  },
};

const conventions = (k: number): readonly string[] => [
  `Groups under ${k} people are not told, all others to the nearest ${k}: so no difference of two answers is a smaller group. Rates are of rounded counts.`,
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
 * Counts are exact within the query and leave it rounded, so that neither the visitors between two steps nor those between two
 * periods are a group that is too small.
 *
 * @param reportK people of the smallest group that is told
 *
 * Cost: one sort of the steps' events of the period by visitor and time, then one pass a step; with purchases, one more
 * read of all events that name an order.
 */
export async function funnel(
  engine: Engine,
  options: FunnelOptions,
  reportK: number = DEFAULT_RULES.report_k,
): Promise<Funnel> {
  const { rows } = await engine.query(funnelSql(options));
  const reached = new Map(rows.map(([level, visitors, median, p90]) => [Number(level), { visitors, median, p90 }]));
  const visitorsAt = (index: number): number | null => {
    const visitors = Number(reached.get(index + 1)?.visitors ?? 0);
    return visitors < reportK ? null : Math.round(visitors / reportK) * reportK;
  };
  const share = (part: number | null, whole: number | null): number | null =>
    part === null || whole === null ? null : part / whole;
  const timeAt = (index: number, name: 'median' | 'p90'): number | null =>
    index === 0 || visitorsAt(index) === null ? null : ms(reached.get(index + 1)?.[name]);
  const ms = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value));
  return {
    options,
    reportK,
    conventions: conventions(reportK),
    steps: options.steps.map((name, index) => ({
      step: name,
      visitors: visitorsAt(index),
      stepRate: index === 0 ? null : share(visitorsAt(index), visitorsAt(index - 1)),
      overallRate: share(visitorsAt(index), visitorsAt(0)),
      medianMs: timeAt(index, 'median'),
      p90Ms: timeAt(index, 'p90'),
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
