import type { Engine } from '@parcours/store';

/** Items of one site by how they ended, as the tables have them. */
export interface SiteFigures {
  readonly site: string;
  readonly accepted: number;
  readonly failed: number;
  readonly filtered: number;
  readonly dropped: number;
}

export type Outcome = 'failed' | 'filtered' | 'dropped';

/** Items of the last 24 hours that ended other than accepted, by reason. */
export interface ReasonFigures {
  readonly outcome: Outcome;
  readonly code: string;
  readonly count: number;
}

export interface OverviewFigures {
  /** When the tables were asked, ms since the epoch. */
  readonly at: number;
  readonly hour: readonly SiteFigures[];
  readonly day: readonly SiteFigures[];
  readonly reasons: readonly ReasonFigures[];
  /** Accepted events of each of the last sixty minutes, oldest first; the last has only begun. */
  readonly minutes: readonly { readonly at: number; readonly count: number }[];
  /** The last event of each site that had one in the last day. */
  readonly lastEvents: ReadonlyMap<string, number>;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const LIMITS = { maxRows: 1_000, timeoutMs: 5_000 } as const;

/** The figures of the overview from the tables: three questions, each bounded by the last day. */
export async function overviewFigures(engine: Engine, now: number): Promise<OverviewFigures> {
  const ask = async (sql: string) => (await engine.query(sql, LIMITS)).rows;
  const minute = now - (now % MINUTE_MS);
  const [items, reasons, minutes] = await Promise.all([
    ask(itemsSql(now)),
    ask(reasonsSql(now)),
    ask(minutesSql(minute)),
  ]);
  const counts = new Map(minutes.map(([at, count]) => [Date.parse(String(at)), Number(count)]));
  return {
    at: now,
    hour: items.map((row) => siteFigures(row, 1)),
    day: items.map((row) => siteFigures(row, 5)),
    reasons: reasons.map(([outcome, code, count]) => ({
      outcome: outcome as Outcome,
      code: String(code),
      count: Number(count),
    })),
    minutes: Array.from({ length: 60 }, (_, index) => {
      const at = minute - (59 - index) * MINUTE_MS;
      return { at, count: counts.get(at) ?? 0 };
    }),
    lastEvents: lastEventsIn(items.map((row) => [row[0], row[9]])),
  };
}

const siteFigures = (row: readonly unknown[], from: number): SiteFigures => ({
  site: String(row[0]),
  accepted: Number(row[from]),
  failed: Number(row[from + 1]),
  filtered: Number(row[from + 2]),
  dropped: Number(row[from + 3]),
});

/** By `received_at`, the collector's own clock: what a browser says of the time is no account. */
const since = (at: number): string => `received_at >= TIMESTAMP '${new Date(at).toISOString().slice(0, -1)}'`;

const OUTCOMES = ['accepted', 'failed', 'filtered', 'dropped'] as const;

function itemsSql(now: number): string {
  const day = since(now - 24 * HOUR_MS);
  const sums = [since(now - HOUR_MS), 'true'].flatMap((window) =>
    OUTCOMES.map((outcome) => `coalesce(sum(n) FILTER (WHERE outcome = '${outcome}' AND ${window}), 0)`),
  );
  return `
    SELECT site, ${sums.join(', ')}, max(received_at) FILTER (WHERE outcome = 'accepted') FROM (
      SELECT site, 'accepted' AS outcome, received_at, 1 AS n FROM events WHERE ${day}
      UNION ALL SELECT site, 'failed', received_at, 1 FROM failed WHERE ${day}
      UNION ALL SELECT site, 'filtered', received_at, count FROM filtered WHERE ${day}
      UNION ALL SELECT site, 'dropped', received_at, count FROM dropped WHERE ${day}
    ) GROUP BY site ORDER BY site`;
}

function reasonsSql(now: number): string {
  const day = since(now - 24 * HOUR_MS);
  return `
    SELECT outcome, code, sum(n) AS total FROM (
      SELECT 'failed' AS outcome, code, 1 AS n FROM failed WHERE ${day}
      UNION ALL SELECT 'filtered', code, count FROM filtered WHERE ${day}
      UNION ALL SELECT 'dropped', code, count FROM dropped WHERE ${day}
    ) GROUP BY outcome, code ORDER BY total DESC, outcome, code`;
}

const minutesSql = (minute: number): string => `
    SELECT date_trunc('minute', received_at) AS minute, count(*)
    FROM events WHERE ${since(minute - 59 * MINUTE_MS)} GROUP BY minute`;

/** The last event of each site that ever had one. It reads the whole table, so it is not to be asked at every look. */
export async function lastEventsEver(engine: Engine): Promise<ReadonlyMap<string, number>> {
  const { rows } = await engine.query('SELECT site, max(received_at) FROM events GROUP BY site', LIMITS);
  return lastEventsIn(rows);
}

const lastEventsIn = (rows: readonly (readonly unknown[])[]): ReadonlyMap<string, number> =>
  new Map(rows.flatMap(([site, at]) => (at === null ? [] : [[String(site), Date.parse(String(at))] as const])));
