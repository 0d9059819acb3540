import { createHash } from 'node:crypto';
import {
  ERASED_DIGITS,
  ERASED_LABEL,
  PERSON_KINDS,
  type SubjectId,
  type SubjectKind,
} from '../../control/subject_ids.ts';
import { ID_COLUMNS, type IdColumn, type NamingTable } from '../../tables/subject_columns.ts';
import type { SubjectRows } from '../engine.ts';
import { literal, name } from './sql.ts';

/** What a row tells of one id; NULL where it tells none. A text that is no JSON tells none. */
const told = ({ column, path }: IdColumn): string =>
  path === undefined ? name(column) : `TRY(json_extract_string(${name(column)}, ${literal(path)}))`;

const isPerson = (kind: SubjectKind): boolean => (PERSON_KINDS as readonly string[]).includes(kind);

/**
 * Ids as rows (site, kind, value) to be joined with: `site` NULL is every site. One text a kind, however many there are: as rows
 * of their own tens of thousands would each be a node of the syntax tree that the guard walks.
 */
export function idRows(ids: readonly SubjectId[], site: string | undefined): string {
  const kinds = [...new Set(ids.map(({ kind }) => kind))];
  const of = site === undefined ? 'NULL' : literal(site);
  const rows = kinds.map((kind) => {
    const values = JSON.stringify(valuesOf(ids, kind));
    return `SELECT ${of}::VARCHAR AS site, ${literal(kind)} AS kind, unnest(from_json(${literal(values)}, '["VARCHAR"]')) AS value`;
  });
  return (
    rows.join(' UNION ALL ') ||
    'SELECT NULL::VARCHAR AS site, NULL::VARCHAR AS kind, NULL::VARCHAR AS value WHERE false'
  );
}

/** Half of a surrogate pair is in no row, and no engine takes it. */
const valuesOf = (ids: readonly SubjectId[], kind: SubjectKind): readonly string[] =>
  ids.filter((id) => id.kind === kind).map(({ value }) => Buffer.from(value).toString());

/** Which rows are looked at, and for what. */
export interface Looked {
  /** A condition. Default: all of the table. */
  readonly scope?: string;
  /** A table with the same columns that is looked at in its place. */
  readonly from?: string;
  /** Whether a transaction's id finds rows that name somebody too: to learn who that is. Default false. */
  readonly withPeople?: boolean | undefined;
  /** Kinds that `hits` has, where that is known: columns of others are not read. Default: those of `asked`, or all. */
  readonly kinds?: ReadonlySet<SubjectKind> | undefined;
  /** What `hits` has, where that is known: JSON in which no such text stands is not taken apart. */
  readonly asked?: SubjectRows | undefined;
  /** What is told of the rows, with `site` as `t.site`. Default: their `rowid`. */
  readonly select?: string;
}

/** Ids of a kind up to which looking for each as a text is less work than taking all JSON apart. */
const FEW = 8;

/**
 * The rows of a table that name one of the ids in `hits` (site, kind, value), each once. A transaction's id finds only rows that
 * name no person: an order that somebody else's row tells too is no reason to touch that row.
 *
 * One join a column: DuckDB hands the few ids down to the scan, which then reads that column alone. The same as `IN` with a
 * condition on the row's site took forty times as long and kept every row's ids in memory. Few ids in JSON are one look at it
 * for all of them, which the scan makes by itself.
 */
export function rowsNaming(table: NamingTable, hits: string, looked: Looked = {}): string {
  const { scope = 'true', withPeople = false, asked, kinds = asked && kindsOf(asked), select = 't.rowid' } = looked;
  const rows = name(looked.from ?? table);
  const columns = ID_COLUMNS[table].filter(({ kind }) => !kinds || kinds.has(kind));
  const isFew = ({ kind, path }: IdColumn): boolean => {
    if (asked === undefined || path === undefined) return false;
    const values = valuesOf(asked.ids, kind);
    // A statement ends at a zero, in a literal too.
    return values.length <= FEW && !values.some((value) => value.includes('\0'));
  };
  const nobody = ID_COLUMNS[table]
    .filter(({ kind }) => isPerson(kind))
    .map((column) => `${told(column)} IS NULL`)
    .join(' AND ');
  const only = ({ kind }: IdColumn): string => (withPeople || isPerson(kind) ? '' : ` AND ${nobody}`);
  const from = `SELECT DISTINCT ${select} FROM ${rows} t`;
  const joins = columns
    .filter((column) => !isFew(column))
    .map(
      (column) =>
        `${from} JOIN ${hits} h ON h.value = ${told(column)} WHERE h.kind = ${literal(column.kind)} AND (h.site IS NULL OR h.site = t.site) AND ${name(column.column)} IS NOT NULL AND (${scope})${only(column)}`,
    );
  const few = columns.filter(isFew);
  const looks = [...new Set(few.map(({ column }) => column))].map((json) => {
    const there = few.filter(({ column }) => column === json);
    const names = there.map(
      (column) => `(${told(column)} IN (${valuesOf(asked!.ids, column.kind).map(literal).join(', ')})${only(column)})`,
    );
    const site = asked!.site === undefined ? '' : ` AND t.site = ${literal(asked!.site)}`;
    return `${from} WHERE ${name(json)} IS NOT NULL AND ${mayHold(json, asked!.ids, there)} AND (${names.join(' OR ')})${site} AND (${scope})`;
  });
  const all = [...joins, ...looks];
  return all.length > 0 ? all.join('\nUNION ') : `SELECT ${select} FROM ${rows} t WHERE false`;
}

/**
 * Whether JSON may hold one of the ids: a text stands in it as it is, or with a backslash before what is written in another
 * way. Looking for bytes is a tenth of the work of taking JSON apart.
 */
function mayHold(json: string, ids: readonly SubjectId[], columns: readonly IdColumn[]): string {
  const kinds = new Set(columns.map(({ kind }) => kind));
  const texts = new Set([...kinds].flatMap((kind) => valuesOf(ids, kind)));
  return `(${[...texts, '\\'].map((text) => `contains(${name(json)}::VARCHAR, ${literal(text)})`).join(' OR ')})`;
}

const kindsOf = ({ ids }: SubjectRows): ReadonlySet<SubjectKind> => new Set(ids.map(({ kind }) => kind));

/** The ids that the rows of a table tell, as one statement a column, so that the ids of no two are in memory at a time: (site, kind, value). */
export const idsTold = (
  table: NamingTable,
  { scope = 'true', from = table }: Pick<Looked, 'scope' | 'from'> = {},
): readonly string[] =>
  ID_COLUMNS[table].map(
    (column) =>
      `SELECT DISTINCT site, ${literal(column.kind)} AS kind, ${told(column)} AS value FROM ${name(from)} WHERE ${name(column.column)} IS NOT NULL AND (${scope})`,
  );

/** What the rows of a table tell of people and transactions, as columns by kind. */
export const toldColumns = (table: NamingTable): string =>
  ID_COLUMNS[table].map((column, index) => `${told(column)} AS id_${index}`).join(', ');

/** The kinds of `toldColumns`, in their order. */
export const toldKinds = (table: NamingTable): readonly SubjectKind[] => ID_COLUMNS[table].map(({ kind }) => kind);

/**
 * `erasedHash` as SQL, so that millions of ids need not come to Node: HMAC (RFC 2104) of two SHA-256. A test holds both to the
 * same hashes. The key is in a macro of this connection alone and in no file.
 */
export function hashMacro(key: Uint8Array): string {
  const block = Buffer.alloc(64);
  // A key that is longer than a block is its hash.
  Buffer.from(key.length > 64 ? createHash('sha256').update(key).digest() : key).copy(block);
  const [inner, outer] = [0x36, 0x5c].map(
    (pad) => `unhex(${literal(Buffer.from(block.map((byte) => byte ^ pad)).toString('hex'))})`,
  );
  const text = `${literal(ERASED_LABEL)} || chr(10) || kind || chr(10) || value`;
  return `CREATE OR REPLACE TEMP MACRO erased_hash(kind, value) AS
    left(sha256(${outer} || unhex(sha256(${inner} || encode(${text})))), ${ERASED_DIGITS})`;
}
