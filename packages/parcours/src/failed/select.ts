import { resolve } from 'node:path';
import type { QueryResult } from '@parcours/store';
import { readControl } from '@parcours/store/control';
import { dataFolder } from '../data_folder.ts';
import { fail } from '../fail.ts';
import { askReader } from '../reader_client.ts';

/** Which failed items a command is about: those that fit all that is given. */
export interface Selection {
  /** Beginnings of `failed_id`, each of one row. */
  readonly ids?: readonly string[];
  readonly site?: string | undefined;
  readonly code?: string | undefined;
  /** Received at this time or later, and before this one; RFC 3339. */
  readonly since?: string | undefined;
  readonly before?: string | undefined;
}

export interface Asker {
  readonly data: string;
  readonly json: boolean;
}

/** A row by column. */
export type Row = Readonly<Record<string, unknown>>;

/** Rows of a query over the tables of the running program. */
export async function ask(sql: string, { data, json }: Asker): Promise<readonly Row[]> {
  const { columns, rows } = await askReader<QueryResult>('/v1/query', { sql, maxRows: 100_000 }, { data, json });
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])));
}

/** The condition of a selection, its ids resolved; ends the command where an id fits no row, or several. */
export async function conditionOf(selection: Selection, asker: Asker): Promise<string> {
  const ids: string[] = [];
  for (const prefix of selection.ids ?? []) ids.push(await wholeId(prefix, asker));
  const conditions = [
    ids.length > 0 && `failed_id IN (${ids.map(text).join(', ')})`,
    selection.site !== undefined && `site = ${text(selection.site)}`,
    selection.code !== undefined && `code = ${text(selection.code)}`,
    selection.since !== undefined && `received_at >= TIMESTAMP ${text(selection.since)}`,
    selection.before !== undefined && `received_at < TIMESTAMP ${text(selection.before)}`,
  ].filter((condition) => condition !== false);
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}

/** The id that begins so. */
export async function wholeId(prefix: string, asker: Asker): Promise<string> {
  const { json } = asker;
  if (!/^[0-9a-f]{4,32}$/.test(prefix)) {
    fail(`"${prefix}" is no id of a failed item: 4 to 32 of 0-9 and a-f`, { json, code: 'bad_id' });
  }
  const found = await ask(
    `SELECT DISTINCT failed_id FROM failed WHERE starts_with(failed_id, ${text(prefix)}) LIMIT 2`,
    asker,
  );
  if (found.length === 0) {
    const { failures_settled } = await readControl(dataFolder(resolve(asker.data)).control);
    const settled = [...failures_settled].find(([id]) => id.startsWith(prefix))?.[1];
    if (settled) fail(`the failed item ${prefix} was ${settled.as} at ${settled.at}`, { json, code: 'settled' });
    fail(`there is no failed item ${prefix}`, { json, code: 'not_found' });
  }
  if (found.length > 1) fail(`several failed items begin with ${prefix}: give more of it`, { json, code: 'ambiguous' });
  return String(found[0]?.failed_id);
}

/** Text in SQL. */
export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time, or how long ago: `2026-11-22`, `2026-11-22T10:00:00Z`, `30d`, `12h`, `15m`; ends the command where it is neither. */
export function timeOf(flag: string, given: string, json: boolean): string {
  const [, count, unit] = given.match(/^(\d{1,6})([mhd])$/) ?? [];
  const ms = unit === undefined ? Date.parse(given) : Date.now() - Number(count) * (UNITS[unit] as number);
  if (Number.isNaN(ms) || (unit === undefined && !/^\d{4}-\d\d-\d\d/.test(given))) {
    fail(`${flag} must be a time such as 2026-11-22 or 30d, 12h, 15m ago (it is "${given}")`, {
      json,
      code: 'bad_flag',
    });
  }
  return new Date(ms).toISOString();
}
