import type { QueryResult } from '@parcours/store';
import { shownText } from './shown_text.ts';

/** Characters of a cell at the most: a long value is cut with an ellipsis, `--json` has it whole. */
const CELL_CHARS = 60;

/** A query's result as a plain text table, numbers to the right; below it how many rows in what time, where that is known. Control characters are shown, not sent to the terminal. */
export function formatTable({
  columns,
  rows,
  truncated,
  elapsedMs,
}: Pick<QueryResult, 'columns' | 'rows'> & Partial<QueryResult>): string {
  const cells = rows.map((row) => row.map(cellText));
  const widths = columns.map(({ name }, index) =>
    Math.max(name.length, ...cells.map((row) => row[index]?.length ?? 0)),
  );
  const isNumber = columns.map((_, index) => rows.length > 0 && rows.every((row) => typeof row[index] === 'number'));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => (isNumber[index] ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd();
  const counted = `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}${truncated ? ', more not shown' : ''}`;
  return [
    line(columns.map(({ name }) => name)),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...cells.map(line),
    ...(elapsedMs === undefined ? [] : [`(${counted}, ${Math.round(elapsedMs)} ms)`]),
    '',
  ].join('\n');
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const shown = shownText(text);
  return shown.length > CELL_CHARS ? `${shown.slice(0, CELL_CHARS - 1)}…` : shown;
}
