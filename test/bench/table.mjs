/**
 * Rows as aligned text for a terminal: the first column to the left, the others to the right.
 *
 * @param {readonly (readonly (string | number)[])[]} rows the first is the head
 */
export function textTable(rows) {
  const widths = widthsOf(rows);
  return rows
    .map((row) =>
      row.map((cell, n) => (n === 0 ? `${cell}`.padEnd(widths[n]) : `${cell}`.padStart(widths[n]))).join('  '),
    )
    .map((line) => line.trimEnd())
    .join('\n');
}

/**
 * The same rows as a Markdown table.
 *
 * @param {readonly (readonly (string | number)[])[]} rows the first is the head
 */
export function markdownTable([head, ...rows]) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, n) => (n === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/**
 * Tables of a Markdown text, each as its rows of cells without the line below the head.
 *
 * @param {string} text
 * @returns {string[][][]}
 */
export function tablesOf(text) {
  const tables = [];
  let wasRow = false;
  for (const line of text.split('\n')) {
    const isRow = line.startsWith('|');
    if (isRow && !wasRow) tables.push([]);
    if (isRow && !/^[|\s:-]+$/.test(line)) {
      tables.at(-1).push(
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    }
    wasRow = isRow;
  }
  return tables;
}

const widthsOf = (rows) => rows[0].map((_, n) => Math.max(...rows.map((row) => `${row[n]}`.length)));
