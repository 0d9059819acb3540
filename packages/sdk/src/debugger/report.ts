import type { Texts } from './texts/texts.ts';
import type { View } from './view.ts';

/** The view as plain text, for a ticket or a mail: neither an id nor the value of a field. */
export function reportOf(
  { status, meaning, lines, fates }: View,
  { title, colon, since }: Texts,
  start: number,
): string {
  const iso = (at: number): string => new Date(at).toISOString();
  return [
    `${title}, ${iso(Date.now())} (${since.toLowerCase()} ${iso(start)})`,
    `${status}. ${meaning}`,
    ...lines.map(([name, value]) => name + colon + value),
    ...fates.flatMap(({ name, count, events }) => [
      `${name}${colon}${count}`,
      ...events.map(({ at, type, why }) => `  ${iso(at)} ${type}${colon}${why}`),
    ]),
  ].join('\n');
}
