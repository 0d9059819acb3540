import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvLine, csvText } from './csv.ts';

it.each([
  ['=1+1', "'=1+1"],
  ['+33 1 23', "'+33 1 23"],
  ['-5', "'-5"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', `"'\r=1"`],
  ['\n=1', `"'\n=1"`],
  ['\uff1d1+1', "'\uff1d1+1"],
  ["'=1", "''=1"],
  ['=cmd|"/c calc"!A1', `"'=cmd|""/c calc""!A1"`],
  ['a,b', '"a,b"'],
  ['say "no"', '"say ""no"""'],
  ['', '""'],
  ['1=1', '1=1'],
])('writes the text %j as %j', (text, cell) => {
  expect(csvText(text)).toBe(cell);
});

it('leaves numbers as they are, and NULL empty', () => {
  expect(csvLine(['-5', '-5', null, ''], [true, false, false, false])).toBe(`-5,'-5,,""\r\n`);
});

/** A reader of RFC 4180 of its own: the shape of what was written, and the values with the guard taken away. */
function parse(csv: string): (string | null)[][] {
  const rows: (string | null)[][] = [[]];
  const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  while (CELL.lastIndex < csv.length) {
    const at = CELL.lastIndex;
    const match = CELL.exec(csv);
    if (!match) throw new Error(`no cell at ${at}: ${JSON.stringify(csv.slice(at, at + 40))}`);
    const [, quoted, plain, end] = match;
    const text = quoted === undefined ? (plain as string) : quoted.replaceAll('""', '"');
    rows.at(-1)?.push(quoted === undefined && text === '' ? null : text.replace(/^'/, ''));
    if (end === '\r\n') rows.push([]);
  }
  rows.pop();
  return rows;
}

it('comes back as it was, whatever it was, and no cell begins as a formula', () => {
  const value = fc.option(
    fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('=', '+', '-', '@', "'", '"', ',', '\t', '\r', '\n', ' ', 'a', '\uff1d') }),
    ),
    { nil: null },
  );
  fc.assert(
    fc.property(fc.array(fc.array(value, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 5 }), (rows) => {
      const csv = rows.map((row) => csvLine(row, [])).join('');
      expect(parse(csv)).toEqual(rows);
      for (const cell of rows.flat()) {
        if (cell !== null) expect(csvText(cell).replace(/^"/, '')).not.toMatch(/^[=+\-@\t\r\n\uff1d]/);
      }
    }),
  );
});
