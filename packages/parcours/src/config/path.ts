/** Where a setting lies in the configuration, such as `['sites', 0, 'origins']`. */
export type Path = readonly (string | number)[];

/** A path as people write it: `sites[0].origins`. */
export const pathText = (path: Path): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');

/** What lies at a path; undefined where the way ends before. */
export function valueAt(value: unknown, path: Path): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Record<string | number, unknown>)[step];
  }
  return here;
}

/** A copy of the object with another value at the path; what is no object on the way is replaced by one. */
export function withValueAt(object: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value;
  const isPlain = typeof object === 'object' && object !== null && !Array.isArray(object);
  const from = isPlain ? (object as Record<string, unknown>) : {};
  return { ...from, [step]: withValueAt(from[step], rest, value) };
}

/** Whether the first path is the second or lies above it. */
export const isWithin = (outer: Path, inner: Path): boolean => outer.every((step, at) => step === inner[at]);
