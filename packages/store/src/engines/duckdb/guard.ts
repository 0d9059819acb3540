import type { DuckDBConnection } from '@duckdb/node-api';
import { HIDDEN_TABLES, TABLES } from '../../tables/tables.ts';
import { VIEWS } from '../../tables/views.ts';
import { QueryError } from '../errors.ts';
import { CATALOG } from './database.ts';

/** Table functions that make rows from their arguments alone. Whatever reads files, settings or other SQL is not here. */
const TABLE_FUNCTIONS = new Set(['range', 'generate_series', 'unnest', 'json_each', 'json_tree']);

/**
 * Scalar functions refused: they tell about the process, write to its log, hold a thread, or take memory that
 * `memory_limit` does not count (`repeat('x', 3e9)` takes 3 GB and cannot be interrupted).
 */
const REFUSED_FUNCTIONS = new Set([
  'current_setting',
  'getvariable',
  'getenv',
  'write_log',
  'sleep_ms',
  'nextval',
  'repeat',
]);

const FROM_CLAUSES = new Set(
  'BASE_TABLE SUBQUERY JOIN TABLE_FUNCTION EXPRESSION_LIST EMPTY EMPTY_FROM SHOW_REF PIVOT CTE'.split(' '),
);

/** What an operator may name. */
const OURS = [...Object.keys(TABLES), ...Object.keys(VIEWS)].filter((name) => !HIDDEN_TABLES.has(name));

const CATALOG_VIEWS = new Set(['tables', 'columns']);

type Node = Readonly<Record<string, unknown>>;

/**
 * Lets one SELECT over our tables pass, judged by DuckDB's own syntax tree (`json_serialize_sql`): external access is off,
 * but the folders that the loader uses and the database file itself stay readable to `read_text` and the like, and PRAGMAs
 * are SELECTs to the prepared statement.
 *
 * @throws QueryError
 */
export async function guard(connection: DuckDBConnection, sql: string): Promise<void> {
  // DuckDB's parser ends at a NUL, so what follows it would go unseen.
  if (sql.includes('\0')) throw new QueryError('invalid', 'the query contains a NUL character');
  if (sql.trim() === '') throw new QueryError('invalid', 'the query is empty');
  const statement = await parse(connection, sql);
  const nodes = [...objectsIn(statement)];
  const named = new Set(nodes.flatMap(commonTables));
  for (const node of nodes) {
    const reason = refusal(node, named);
    if (reason) throw new QueryError('forbidden', reason);
  }
}

async function parse(connection: DuckDBConnection, sql: string): Promise<Node> {
  const answer = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)::VARCHAR', [sql]);
  const tree = readTree(String(answer.getRows()[0]?.[0]));
  if (tree.error === true) {
    if (/only select/i.test(String(tree.error_message)))
      throw new QueryError('not_a_select', 'only one SELECT is allowed');
    throw new QueryError('invalid', firstLine(String(tree.error_message)));
  }
  const statements = tree.statements as readonly Node[];
  if (statements.length > 1) throw new QueryError('not_a_select', 'only one statement is allowed');
  if (statements.length === 0) throw new QueryError('invalid', 'the query is empty');
  return statements[0]!;
}

function readTree(json: string): Node {
  try {
    return JSON.parse(json) as Node;
  } catch (error) {
    // DuckDB writes a number such as 1e400 as Infinity, which is no JSON.
    throw new QueryError('invalid', 'the query holds a number that is out of range', { cause: error });
  }
}

function refusal(node: Node, named: ReadonlySet<string>): string | undefined {
  const from = node.from_table as Node | undefined;
  if (from && !FROM_CLAUSES.has(String(from.type))) return `FROM cannot be a ${lower(from.type)}`;
  if (node.type === 'TABLE_FUNCTION') {
    const called = lower((node.function as Node | undefined)?.function_name);
    return TABLE_FUNCTIONS.has(called) ? undefined : `the table function ${called} is not allowed`;
  }
  if (node.type === 'BASE_TABLE') return tableRefusal(node, named);
  if (node.class === 'FUNCTION' && REFUSED_FUNCTIONS.has(lower(node.function_name)))
    return `the function ${lower(node.function_name)} is not allowed`;
  return undefined;
}

function tableRefusal(node: Node, named: ReadonlySet<string>): string | undefined {
  const [catalog, schema, table] = [lower(node.catalog_name), lower(node.schema_name), lower(node.table_name)];
  const ours = (catalog === '' || catalog === CATALOG) && (schema === '' || schema === 'main' || schema === CATALOG);
  if (ours && OURS.includes(table)) return undefined;
  if (catalog === '' && schema === '' && named.has(table)) return undefined;
  if (catalog === '' && schema === 'information_schema' && CATALOG_VIEWS.has(table)) return undefined;
  return `there is no table ${JSON.stringify(table)}; the tables are ${OURS.join(', ')}`;
}

/**
 * Names that WITH gives in a query. Only plain ones count: a name with a dot, used where the WITH does not reach, would be
 * taken for a file.
 */
function commonTables(node: Node): readonly string[] {
  const map = (node.cte_map as { readonly map?: readonly { readonly key?: unknown }[] } | undefined)?.map ?? [];
  return map.map(({ key }) => lower(key)).filter((key) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(key));
}

/** Every object in a JSON value, without recursion: the query's author decides how deep it is. */
function* objectsIn(root: unknown): Generator<Node> {
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value)) yield value as Node;
    for (const child of Object.values(value)) waiting.push(child);
  }
}

const lower = (value: unknown): string => (typeof value === 'string' ? value.toLowerCase() : '');

const firstLine = (text: string): string => text.split('\n')[0]!;
