import { ColumnsChart } from '../parts/columns_chart.tsx';
import type { OverviewView } from './view.ts';

/** Events a minute, over the last hour. */
export const Minutes = ({ text, numbers, figures }: OverviewView) => {
  if (!figures) return null;
  const values = figures.minutes.map(({ count }) => count);
  const peak = Math.max(...values);
  const summary = text.minutesSummary
    .replace('{total}', numbers.whole(values.reduce((total, count) => total + count, 0)))
    .replace('{peak}', numbers.whole(peak))
    .replace('{last}', numbers.whole(values.at(-1) ?? 0));
  return (
    <section class="card">
      <h2 id="minutes-title">{text.minutes}</h2>
      <p class="hint">{text.minutesNote}</p>
      <ColumnsChart
        values={values}
        summary={summary}
        top={numbers.whole(Math.max(1, peak))}
        first={numbers.clock(figures.minutes[0]?.at ?? figures.at)}
        last={numbers.clock(figures.minutes.at(-1)?.at ?? figures.at)}
      />
      <p class="hint">{summary}</p>
    </section>
  );
};
