/** What the page on metrics says of one family. */
export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labels: readonly string[];
}

export interface AlertRule {
  readonly alert: string;
  readonly metrics: ReadonlySet<string>;
}

/** docs/operate/metrics.md: written from the registries and the alert rules, so that it names what there is. */
export function metricsGuide(
  { collector, reader }: { readonly collector: readonly Family[]; readonly reader: readonly Family[] },
  rules: readonly AlertRule[],
): string {
  const names = (families: readonly Family[]): ReadonlySet<string> => new Set(families.map(({ name }) => name));
  const [inCollector, inReader] = [names(collector), names(reader)];
  const own = ({ name }: Family): boolean => name.startsWith('parcours_');
  const table = (families: readonly Family[]): string =>
    markdownTable([
      ['metric', 'kind', 'labels', 'what it tells', 'alert rules'],
      ...families.map(({ name, type, labels, help }) => [
        `\`${name}\``,
        type,
        labels.map((label) => `\`${label}\``).join(' '),
        help,
        rules
          .filter(({ metrics }) => [...metrics].some((metric) => familyOf(metric) === name || metric === name))
          .map(({ alert }) => alert)
          .join(', '),
      ]),
    ]);
  return `# Metrics

Written by a test from what the two processes register. Both answer \`/metrics\` in Prometheus' text form, to this machine and to the
addresses of \`metricsFrom\`, without a secret, and never through a proxy: the collector on its public listener, the reader on its
private one. How to scrape, push and be alerted: [observe.md](observe.md). The rules named here are in
[deploy/prometheus/alerts.yml](../../deploy/prometheus/alerts.yml).

No metric holds an identifier or anything of an event. Labels are bounded: sites that exist, codes of the protocol, names of parts.

## Of the collector

${table(collector.filter((family) => own(family) && !inReader.has(family.name)))}

The accounts add up: \`parcours_items_received_total\` is the sum of \`parcours_items_total\` over accepted, duplicate, filtered,
failed and retry.

## Of the reader

${table(reader.filter((family) => own(family) && !inCollector.has(family.name)))}

## Of both

What is told of \`part\` comes from the program that watches over both, and both tell it: take the maximum, not the sum. A part that
is dead is told by the other.

${table(collector.filter((family) => own(family) && inReader.has(family.name)))}

Beside these, each process has prom-client's own: \`process_*\` (CPU, memory, open files, start time) and \`nodejs_*\` (event loop,
heap, garbage collection, open handles).
`;
}

/** A histogram's samples end in these. */
export const familyOf = (sample: string): string => sample.replace(/_(bucket|sum|count)$/, '');

/** Padded, as a formatter would. */
function markdownTable(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  const [head = [], ...body] = cells;
  return [line(head), rule, ...body.map(line)].join('\n');
}
