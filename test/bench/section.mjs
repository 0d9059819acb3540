import { provenance } from './report.mjs';
import { markdownTable, textTable } from './table.mjs';

/**
 * A report as it stands in docs/performance.md.
 *
 * @param {import('./run.mjs').Bench} bench
 * @param {import('./report.mjs').Report} report
 */
export const markdownOf = (bench, report) => parts(bench, report, markdownTable).join('\n\n');

/** The same for a terminal. */
export const textOf = (bench, report) => parts(bench, report, textTable).join('\n\n');

function parts(bench, report, tableOf) {
  // What is the same on every machine was not measured on one.
  const sentences = [bench.isReproducible ? undefined : provenance(report), bench.outcome?.(report)];
  return [sentences.filter(Boolean).join(' '), ...bench.tables(report).map(tableOf)].filter(Boolean);
}
