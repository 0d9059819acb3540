/** One sample of metrics in Prometheus' text form. */
export interface Sample {
  readonly name: string;
  /** Its labels as they are written, such as `site="shop",status="accepted"`. */
  readonly labels: string;
  readonly value: number;
}

/** The samples of a text as our own processes write it. */
export const parseSamples = (text: string): readonly Sample[] =>
  [...text.matchAll(/^([a-z_]\w*)(?:\{(.*)\})? (\S+)$/gm)].map(([, name = '', labels = '', value]) => ({
    name,
    labels,
    value: Number(value),
  }));

/** The sum of a name's samples, of those alone whose labels hold a text. */
export const sumOf = (text: string, name: string, labels = ''): number =>
  parseSamples(text)
    .filter((sample) => sample.name === name && sample.labels.includes(labels))
    .reduce((sum, { value }) => sum + value, 0);
