import type { SubjectId, SubjectKind } from '../../control/subject_ids.ts';
import { type Column, EVENT_COLUMNS, FAILED_COLUMNS } from '../../tables/columns.ts';
import { NAMING_TABLES, type NamingTable } from '../../tables/subject_columns.ts';
import type { Engine, QueryLimits, QueryResult, SubjectRows } from '../engine.ts';
import { list, literal, name } from './sql.ts';
import { idRows, type Looked, rowsNaming, toldColumns, toldKinds } from './subject-sql.ts';

type SubjectReader = Pick<Engine, 'toldBy' | 'visitorsOfReceipt' | 'rowsOf' | 'countOf'>;

/** Nothing is kept for longer than ten years: more days than these there are not. */
const MAX_DAYS = 10_000;
/** A person's rows may be anywhere in years of them. */
const LIMITS: QueryLimits = { timeoutMs: 300_000, maxBytes: 256 * 1024 * 1024 };

const COLUMNS: Readonly<Record<NamingTable, readonly Column[]>> = { events: EVENT_COLUMNS, failed: FAILED_COLUMNS };
/** What tells the rows of one moment apart, after the time of receipt. */
const ORDER: Readonly<Record<NamingTable, string>> = {
  events: 'received_at, log_name, log_segment, log_offset, event_id',
  failed: 'received_at, log_name, log_segment, log_offset, failed_id',
};

/** `theirs`: what is told of somebody's rows of a table, each row once. */
const theirs = (table: NamingTable, asked: SubjectRows, looked: Looked): string =>
  `WITH hits AS (${idRows(asked.ids, asked.site)}), theirs AS (${rowsNaming(table, 'hits', { ...looked, asked })})`;

/**
 * Finds the rows of one person. Every value is a literal; it runs guarded, as an operator's query does.
 *
 * @param page rows read at a time. Default 2,000
 */
export function createSubjectReader(
  query: (sql: string, limits?: QueryLimits) => Promise<QueryResult>,
  page = 2_000,
): SubjectReader {
  /**
   * Spans of whole days that hold a page of somebody's rows each, as conditions, in order: one look at the whole table tells them,
   * and each page looks at the rows of its days alone, not at years of them.
   */
  async function spansOf(table: NamingTable, asked: SubjectRows): Promise<readonly string[]> {
    const { rows } = await query(
      `${theirs(table, asked, { select: 't.rowid, received_at' })} SELECT strftime(received_at, '%Y-%m-%d') AS day, count(*) FROM theirs GROUP BY ALL ORDER BY day`,
      { ...LIMITS, maxRows: MAX_DAYS },
    );
    const begins: string[] = [];
    let held = 0;
    for (const [day, count] of rows) {
      if (begins.length === 0 || held + Number(count) > page) {
        begins.push(String(day));
        held = 0;
      }
      held += Number(count);
    }
    const from = (day: string): string => `received_at >= TIMESTAMP ${literal(day)}`;
    const to = (day: string | undefined): string =>
      day === undefined ? '' : ` AND received_at < TIMESTAMP ${literal(day)}`;
    // The last has no end: what comes meanwhile is theirs too.
    return begins.map((day, index) => `(${from(day)}${to(begins[index + 1])})`);
  }

  return {
    async toldBy({ limit, withPeople, ...asked }) {
      const told = [];
      for (const table of NAMING_TABLES) {
        const kinds = toldKinds(table);
        const { rows, truncated } = await query(
          `${theirs(table, asked, { withPeople, select: `t.site, ${toldColumns(table)}` })} FROM theirs ORDER BY ALL`,
          { ...LIMITS, maxRows: limit },
        );
        if (truncated) return undefined;
        for (const [site, ...values] of rows) told.push({ site: String(site), ids: idsOf(kinds, values) });
      }
      return told;
    },
    async visitorsOfReceipt(receiptId, site) {
      const where = site === undefined ? '' : ` AND site = ${literal(site)}`;
      const { rows } = await query(
        `SELECT DISTINCT visitor_id FROM events WHERE receipt_id = ${literal(receiptId)} AND visitor_id IS NOT NULL${where} ORDER BY 1`,
        LIMITS,
      );
      return rows.map(([id]) => String(id));
    },
    async *rowsOf(table, asked) {
      const columns = COLUMNS[table];
      for (const scope of await spansOf(table, asked)) {
        let after = '';
        for (;;) {
          // First which rows, by few columns, then what they tell: one more than a page says that there is another.
          const next = `SELECT row_number FROM theirs ${after} ORDER BY ${ORDER[table]} LIMIT ${page + 1}`;
          const { rows, truncated } = await query(
            `${theirs(table, asked, { scope, select: `t.rowid AS row_number, ${ORDER[table]}` })}
             SELECT ${list(columns)} FROM ${name(table)} WHERE ${scope} AND rowid IN (${next}) ORDER BY ${ORDER[table]}`,
            { ...LIMITS, maxRows: page },
          );
          for (const row of rows) yield rowOf(columns, row);
          const last = rows.at(-1);
          if (!truncated || !last) break;
          const values = ORDER[table].split(', ').map((column) => {
            const index = columns.findIndex((each) => each.name === column);
            const value = last[index];
            return columns[index]?.type === 'bigint'
              ? String(value)
              : `${literal(String(value))}${castOf(columns[index])}`;
          });
          after = `WHERE (${ORDER[table]}) > (${values.join(', ')})`;
        }
      }
    },
    async countOf(table, asked) {
      const { rows } = await query(
        `${theirs(table, asked, { select: 't.rowid, t.site, received_at::DATE AS day' })} SELECT count(*), count(DISTINCT (site, day)) FROM theirs`,
        LIMITS,
      );
      const [[count, days] = []] = rows;
      return { rows: Number(count), days: Number(days) };
    },
  };
}

function idsOf(kinds: readonly SubjectKind[], values: readonly unknown[]): readonly SubjectId[] {
  const ids = new Map<string, SubjectId>();
  values.forEach((value, index) => {
    const kind = kinds[index] as SubjectKind;
    if (typeof value === 'string') ids.set(`${kind} ${value}`, { kind, value });
  });
  return [...ids.values()];
}

const castOf = (column: Column | undefined): string =>
  column?.type === 'time' ? '::TIMESTAMP' : column?.type === 'uuid' ? '::UUID' : '';

/** A row by column, without what is empty; JSON as what it says. */
const rowOf = (columns: readonly Column[], row: readonly unknown[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    columns.flatMap(({ name: column, type }, index) => {
      const value = row[index];
      if (value === null || value === undefined) return [];
      return [[column, type === 'json' && typeof value === 'string' ? JSON.parse(value) : value]];
    }),
  );
