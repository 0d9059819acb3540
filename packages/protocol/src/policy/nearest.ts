import { closest, distance } from 'fastest-levenshtein';

/** The name that was probably meant; none where nothing is like it. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || name.length > 200) return undefined;
  const best = closest(name, known as string[]);
  return distance(name.toLowerCase(), best.toLowerCase()) <= Math.max(2, name.length / 4) ? best : undefined;
}
