import { type Engine, type HeldRows, toTen, utcDay } from '@parcours/store';

/** Items that were refused or failed, by reason. */
export interface RefusedFigures {
  readonly outcome: 'filtered' | 'failed';
  readonly code: string;
  readonly count: number;
}

export interface PrivacyFigures {
  readonly held: readonly HeldRows[];
  readonly refused: readonly RefusedFigures[];
  /** Closed days whose sealed files are still to be written, first or anew. */
  readonly daysToSeal: number;
}

const LIMITS = { maxRows: 1_000, timeoutMs: 10_000 } as const;

/**
 * What the tables hold, by site and class, and what was refused since a moment. Times are ms since the epoch. It reads two columns of whole
 * tables, so it is not to be asked at every look.
 */
export async function privacyFigures(
  engine: Engine,
  { since, now }: { readonly since: number; readonly now: number },
): Promise<PrivacyFigures> {
  const [held, refused, daysToSeal] = await Promise.all([
    engine.heldRows(),
    engine.query(refusedSql(since), LIMITS),
    engine.daysToSeal(utcDay(now)),
  ]);
  return {
    held: held.map((row) => (row.class === 'exempt' ? { ...row, rows: toTen(row.rows) } : row)),
    refused: refused.rows.map(([outcome, code, count]) => ({
      outcome: outcome as RefusedFigures['outcome'],
      code: String(code),
      count: Number(count),
    })),
    daysToSeal,
  };
}

/** By `received_at`, the collector's own clock. */
const refusedSql = (at: number): string => {
  const since = `received_at >= TIMESTAMP '${new Date(at).toISOString().slice(0, -1)}'`;
  return `
  SELECT outcome, code, sum(n) AS total FROM (
    SELECT 'filtered' AS outcome, code, count AS n FROM filtered WHERE ${since}
    UNION ALL SELECT 'failed', code, 1 FROM failed WHERE ${since}
  ) GROUP BY outcome, code ORDER BY total DESC, outcome, code`;
};
