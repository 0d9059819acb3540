import { type Engine, EXPORT_FORMATS, EXPORT_NAMES, exportColumns } from '@parcours/store';
import { z } from 'zod';
import { api, type ConsoleOperation } from '../access/allow.ts';
import type { Journeys } from '../env.ts';
import { readBody } from '../fault.ts';
import { answerOutgoing, OUTGOING_HEADERS } from './outgoing.ts';

/** A day, which begins at midnight UTC, or a moment. */
const moment = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], 'must be a day (2026-11-25) or a moment (RFC 3339)')
  .describe('A day, from its midnight UTC on, or a moment as RFC 3339.');

/** What can be asked of an export. Nothing in it is SQL: names are those of the tables, the rest are values. */
export const exportBody = z
  .strictObject({
    table: z.enum(EXPORT_NAMES, `must be one of ${EXPORT_NAMES.join(', ')}`),
    format: z.enum(EXPORT_FORMATS, `must be one of ${EXPORT_FORMATS.join(', ')}`),
    columns: z.array(z.string()).min(1).max(200).optional().describe('Default: all.'),
    site: z.string().min(1).optional(),
    from: moment.optional().describe('Rows received from then on.'),
    to: moment.optional().describe('Rows received before.'),
    bom: z.boolean().default(false).describe('CSV: begins with the mark by which Excel knows UTF-8.'),
  })
  .superRefine(({ table, columns = [] }, context) => {
    const known = exportColumns(table).map(({ name }) => name);
    columns.forEach((column, index) => {
      if (known.includes(column)) return;
      const message = `${table} has no column ${JSON.stringify(column)}; it has ${known.join(', ')}`;
      context.addIssue({ code: 'custom', path: ['columns', index], message });
    });
  })
  .meta({ id: 'ExportRequest' });

export type ExportBody = z.input<typeof exportBody>;

/** What the engine is asked for. */
export const exportRequest = exportBody.transform(({ from, to, ...rest }) => ({
  ...rest,
  from: from === undefined ? undefined : Date.parse(from),
  to: to === undefined ? undefined : Date.parse(to),
}));

/** In which an export's answer tells how many rows it has, so that a cut one is noticed. */
export const ROWS_HEADER = 'x-parcours-rows';

const EXPORT: ConsoleOperation = {
  id: 'exportRows',
  tag: 'reports',
  summary: 'Gives the rows of one table or view as a file',
  description:
    'Streamed, of one moment of the tables: Parquet (zstd), CSV (RFC 4180, safe to open in a spreadsheet) or NDJSON. One export or snapshot at a time.',
  roles: ['analyst'],
  body: { schema: exportBody, examples: { 'a day of orders': { table: 'orders', format: 'csv', from: '2026-11-25' } } },
  answers: {
    200: {
      description: 'The file.',
      type: 'application/octet-stream',
      headers: { ...OUTGOING_HEADERS, [ROWS_HEADER]: { description: 'Rows in it.', schema: z.string() } },
    },
  },
  errors: ['bad_request', 'invalid', 'timeout', 'out_of_memory', 'busy'],
};

/** `POST /v1/export`: rows leave as a file. */
export function exportRoute(app: Journeys, engine: Engine): void {
  app.post(
    '/v1/export',
    ...api(EXPORT, async (context) => {
      const asked = await readBody(context, exportRequest);
      if (asked instanceof Response) return asked;
      return answerOutgoing(context, async (signal) => {
        const { pieces, rows } = await engine.exportRows(asked, signal);
        return { pieces, name: `${asked.table}.${asked.format}`, headers: { [ROWS_HEADER]: String(rows) } };
      });
    }),
  );
}
