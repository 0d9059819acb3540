import type { Dimension, ExemptCount } from '../../exempt/counts.ts';
import type { Language } from '../language.ts';
import type { Numbers } from '../parts/numbers.ts';
import { Scroll } from '../parts/scroll.tsx';
import type { exemptText } from './text.ts';

export interface CountsTableParts {
  readonly site: string;
  readonly counts: readonly ExemptCount[];
  readonly dimension: Dimension;
  readonly text: (typeof exemptText)[Language];
  readonly language: Language;
  readonly numbers: Numbers;
}

/** One site's counts, the newest day first, each day with a line of its own. */
export const CountsTable = ({ site, counts, dimension, text, language, numbers }: CountsTableParts) => {
  const days = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
  const hasVisitors = counts.some(({ visitors }) => visitors !== undefined);
  const named = (value: string | null) =>
    value === null ? <em>{text.together}</em> : value === '' ? <em>{text.none}</em> : value;
  return (
    <section class="card">
      <h2>{site}</h2>
      <Scroll id={`exempt-${site}`} label={site}>
        <table class="exempt">
          <thead>
            <tr>
              <th scope="col" class="what">
                {text[dimension]}
              </th>
              <th scope="col" class="n">
                {text.views}
              </th>
              {hasVisitors && (
                <th scope="col" class="n">
                  {text.visitors}
                </th>
              )}
            </tr>
          </thead>
          {[...byDay(counts)].map(([day, rows]) => (
            <tbody>
              <tr>
                <th scope="rowgroup" colspan={hasVisitors ? 3 : 2}>
                  <time datetime={new Date(day).toISOString().slice(0, 10)}>{days.format(day)}</time>
                </th>
              </tr>
              {rows.map((row) => (
                <tr>
                  <td class="what">{named(row.value)}</td>
                  <td class="n">{numbers.whole(row.count)}</td>
                  {hasVisitors && <td class="n">{row.visitors === undefined ? '' : numbers.whole(row.visitors)}</td>}
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </Scroll>
    </section>
  );
};

function byDay(counts: readonly ExemptCount[]): ReadonlyMap<number, readonly ExemptCount[]> {
  const days = new Map<number, ExemptCount[]>();
  for (const row of counts) days.set(row.day, [...(days.get(row.day) ?? []), row]);
  return days;
}
