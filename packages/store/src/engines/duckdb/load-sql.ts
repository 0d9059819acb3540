import { EVENT_COLUMNS, type EventColumn, EXEMPT_COLUMNS, FAILED_COLUMNS } from '../../tables/columns.ts';
import { DAY_TABLES } from '../../tables/tables.ts';
import { isOpenFailure } from './settle.ts';
import { declareWhole, duckType, list, literal, name } from './sql.ts';

/** The log and the segment that a load comes from, and the offset from which on its records are new. */
export interface Place {
  readonly log: string;
  readonly segment: number;
  readonly from: number;
}

/** Of the connection that loads; there only while it does. */
export const ARRIVED = 'arrived';

/** Bytes of a line at most where whole chunks are read; a longer one goes the careful way. Buffers are sized by it. */
const LINE_BYTES = 4 * 1024 * 1024;
/** And where single items are read: the log's largest record, each of its bytes escaped, and what stands around it. */
const LONG_LINE_BYTES = 20 * 1024 * 1024;

const fieldsFrom = (origin: EventColumn['from']): readonly EventColumn[] =>
  (EVENT_COLUMNS as readonly EventColumn[]).filter((column) => column.from === origin);

const struct = (columns: readonly EventColumn[], extra: readonly string[] = []): string =>
  `STRUCT(${[...columns.map((column) => `${name(column.field ?? column.name)} ${duckType(column.type)}`), ...extra].join(', ')})`;

/** What `read_json` is to expect of a record: from the list of columns, so a new one needs no second place. */
const EVENTS_RECORD = `STRUCT(${[
  '"v" INTEGER',
  '"kind" VARCHAR',
  ...fieldsFrom('record').map((column) => `${name(column.field ?? column.name)} ${duckType(column.type)}`),
  `"client" ${struct(fieldsFrom('client'))}`,
  `"stamps" ${struct(fieldsFrom('stamp'))}[]`,
  `"events" ${struct(fieldsFrom('event'), ['"stamp" INTEGER'])}[]`,
].join(', ')})`;

const OUTCOMES_RECORD = `STRUCT(${[
  '"site" VARCHAR',
  '"source" VARCHAR',
  '"received_at" TIMESTAMP',
  '"failed_id" VARCHAR',
  '"sent_at" VARCHAR',
  '"sdk" VARCHAR',
  '"client" JSON',
  '"stamps" JSON[]',
  '"failed" STRUCT("event_id" VARCHAR, "type" VARCHAR, "stage" VARCHAR, "code" VARCHAR, "path" VARCHAR, "message" VARCHAR, "item" VARCHAR)[]',
  '"filtered" STRUCT("type" VARCHAR, "code" VARCHAR, "count" BIGINT)[]',
  '"dropped" STRUCT("code" VARCHAR, "count" BIGINT)[]',
  `"exempted" STRUCT(${EXEMPT_COLUMNS.slice(0, -3)
    .filter(({ name }) => name !== 'site' && name !== 'received_at')
    .map(({ name: column, type }) => `${name(column)} ${duckType(type)}`)
    .join(', ')})[]`,
].join(', ')})`;

const lines = (path: string, columns: string, maxBytes: number): string =>
  `read_json(${literal(path)}, format = 'newline_delimited', maximum_object_size = ${maxBytes}, columns = {${columns}})`;

const recordLines = (path: string, record: string, maxBytes: number): string =>
  lines(path, `o: 'BIGINT', r: ${literal(record)}`, maxBytes);

function eventValue({ from, field, name: column }: EventColumn, { log, segment }: Place): string {
  const source = { record: 'r', client: 'r.client', stamp: 's', event: 'e', place: '' }[from];
  if (from === 'place') return { log_name: literal(log), log_segment: String(segment) }[column] ?? 'o';
  return `${source}.${name(field ?? column)}`;
}

/** Of the events of one load, before any of them is in `events`; it holds them to what that table does. */
export const CREATE_ARRIVED = `CREATE OR REPLACE TEMP TABLE ${ARRIVED} (${declareWhole(EVENT_COLUMNS)})`;

/**
 * Events of a staged file into `arrived`. A record of a kind that this release does not know stops it: better the careful
 * way than to pass over it in silence.
 */
export const collectArrived = (path: string, place: Place): string => `
  INSERT INTO ${ARRIVED} (${list(EVENT_COLUMNS)})
  SELECT ${EVENT_COLUMNS.map((column) => eventValue(column, place)).join(', ')}
  FROM (
    SELECT o, r, e, r.stamps[e.stamp + 1] AS s
    FROM (
      SELECT o, r, unnest(CASE WHEN r.v = 1 AND r.kind = 'batch' THEN r.events ELSE error('unknown record') END) AS e
      FROM ${recordLines(path, EVENTS_RECORD, LINE_BYTES)}
    )
  )`;

/** Rows that say why an item is not in `events`; a record that brought them before is left out, and what was settled or purged. */
export function insertOutcomes(path: string, place: Place): readonly string[] {
  const from = (field: string, table: string): string => `
    FROM (SELECT o, r, unnest(r.${field}) AS i FROM ${recordLines(path, OUTCOMES_RECORD, LONG_LINE_BYTES)})
    WHERE NOT EXISTS (
      FROM ${table} t WHERE t.log_name = ${literal(place.log)} AND t.log_segment = ${place.segment} AND t.log_offset = o
    )`;
  // Numbered from 1 in SQL. What points nowhere was filtered, and never failed.
  const stamp = "r.stamps[TRY_CAST(TRY(json_extract_string(i.item, '$.stamp')) AS INTEGER) + 1]";
  const context = `to_json({'sent_at': r.sent_at, 'sdk': r.sdk, 'client': r.client, 'stamp': ${stamp}})`;
  const end = `${literal(place.log)}, ${place.segment}, o`;
  const failed = ['i.event_id', 'i.type', 'i.stage', 'i.code', 'i.path', 'i.message', 'i.item'].join(', ');
  const failedId = `md5(concat_ws(chr(31), r.site, r.received_at, ${failed}))`;
  const isOpen = isOpenFailure({ id: failedId, site: 'r.site', code: 'i.code', received: 'r.received_at' });
  return [
    `INSERT INTO failed (${list(FAILED_COLUMNS)})
     SELECT ${failedId}, r.site, r.source, r.received_at, ${failed}, ${context}, ${end}
     ${from('failed', 'failed')} AND ${isOpen}`,
    `INSERT INTO filtered (site, type, code, count, received_at, failed_id, log_name, log_segment, log_offset)
     SELECT r.site, i.type, i.code, i.count, r.received_at, r.failed_id, ${end} ${from('filtered', 'filtered')}
     AND (r.failed_id IS NULL OR r.failed_id NOT IN (SELECT failed_id FROM filtered WHERE failed_id IS NOT NULL))
     QUALIFY r.failed_id IS NULL OR row_number() OVER (PARTITION BY r.failed_id ORDER BY o) = 1`,
    `INSERT INTO dropped (site, code, count, received_at, log_name, log_segment, log_offset)
     SELECT r.site, i.code, i.count, r.received_at, ${end} ${from('dropped', 'dropped')}`,
    `INSERT INTO exempt (${list(EXEMPT_COLUMNS)})
     SELECT ${EXEMPT_COLUMNS.slice(0, -3)
       .map(({ name: column }) => (column === 'site' || column === 'received_at' ? `r.${column}` : `i.${name(column)}`))
       .join(', ')}, ${end}
     ${from('exempted', 'exempt')}
     AND NOT EXISTS (
       FROM exempt t WHERE t.site = r.site AND t.event_id = i.event_id
       AND t.received_at >= r.received_at - INTERVAL ${DEDUPLICATION_DAYS} DAY
     )
     QUALIFY row_number() OVER (PARTITION BY r.site, i.event_id ORDER BY o) = 1`,
  ];
}

/** Whole rows as JSON texts, each tried by itself: what cannot be cast is NULL. Used only where a record was refused. */
export const readCarefully = (path: string): string => `
  SELECT n, TRY(json_transform_strict(j, ${literal(JSON.stringify(ROW_SHAPE))})) AS row
  FROM ${lines(path, "n: 'BIGINT', j: 'VARCHAR'", LONG_LINE_BYTES)}`;

const ROW_SHAPE = Object.fromEntries(
  EVENT_COLUMNS.map((column) => [column.name, column.type === 'texts' ? ['VARCHAR'] : duckType(column.type)]),
);

/** Whether a row that was read has all that a row must have. */
export const ROW_IS_WHOLE = EVENT_COLUMNS.filter((column) => 'required' in column)
  .map((column) => `row.${name(column.name)} IS NOT NULL`)
  .join(' AND ');

export const collectCareful = `
  INSERT INTO ${ARRIVED} (${list(EVENT_COLUMNS)})
  SELECT ${EVENT_COLUMNS.map((column) => `row.${name(column.name)}`).join(', ')}
  FROM careful WHERE ${ROW_IS_WHOLE} ORDER BY n`;

/** The rows of this load, in whatever table. */
export const isNew = ({ log, segment, from }: Place): string =>
  `log_name = ${literal(log)} AND log_segment = ${segment} AND log_offset >= ${from}`;

/** Days for which an event id is remembered: an SDK's queue keeps 7, and a retry may take one more. */
export const DEDUPLICATION_DAYS = 8;

/**
 * The rows of `arrived` whose (site, event_id) came before, in this load or in the window of `received_at`: our clock, never the
 * client's id, says how far back to look. DuckDB numbers rows in order of insertion, so `rowid` says which was first.
 */
export const collectRepeated = (firstReceived: string): string => `
  CREATE OR REPLACE TEMP TABLE repeated AS
  SELECT a.rowid AS row_number FROM ${ARRIVED} a
  JOIN events e ON e.site = a.site AND e.event_id = a.event_id
  WHERE e.received_at >= TIMESTAMP ${literal(firstReceived)} - INTERVAL ${DEDUPLICATION_DAYS} DAY
  UNION
  SELECT rowid FROM ${ARRIVED} WHERE rowid NOT IN (SELECT min(rowid) FROM ${ARRIVED} GROUP BY site, event_id)`;

/**
 * What has arrived into `events`, without what came before. Only rows that stay are ever put there: a transaction that takes out
 * one of its own has DuckDB write all of them through the write-ahead log, which made a commit of 36,000 rows take 270 ms instead
 * of 4 (1.5.5; one record of a hundred twice).
 */
export const insertArrived = `
  INSERT INTO events (${list(EVENT_COLUMNS)})
  SELECT ${list(EVENT_COLUMNS)} FROM ${ARRIVED} WHERE rowid NOT IN (SELECT row_number FROM repeated)`;

/** The sites and days that the new rows belong to, and when the first of each was received. */
export const touchedDays = (place: Place): string =>
  DAY_TABLES.map(
    (table) => `
  SELECT site, strftime(received_at, '%Y-%m-%d') AS day, min(received_at)::VARCHAR AS first
  FROM ${table === 'events' ? ARRIVED : `${table} WHERE ${isNew(place)}`} GROUP BY ALL`,
  ).join(' UNION ALL ');
