const WIDTH = 720;
const HEIGHT = 120;
const GAP = 2;

/** Values over time as columns: an image whose words say what matters in it. Scales with its place. */
export const ColumnsChart = ({
  values,
  summary,
  top,
  first,
  last,
}: {
  readonly values: readonly number[];
  /** What somebody learns who does not see it. */
  readonly summary: string;
  /** Words at its highest line, its left end and its right end. */
  readonly top: string;
  readonly first: string;
  readonly last: string;
}) => {
  const peak = Math.max(1, ...values);
  const step = WIDTH / values.length;
  return (
    <div class="chart">
      <span class="top" aria-hidden="true">
        {top}
      </span>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={summary}>
        <line class="grid" x1="0" x2={WIDTH} y1="0.5" y2="0.5" />
        <line class="grid" x1="0" x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} />
        {values.map((value, index) => {
          // What is there is seen, however high the peak beside it.
          const height = value === 0 ? 0 : Math.max(2, (value / peak) * HEIGHT);
          return <rect x={index * step + GAP / 2} y={HEIGHT - height} width={step - GAP} height={height} />;
        })}
        <line class="ground" x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
      </svg>
      <span class="ends" aria-hidden="true">
        <span>{first}</span>
        <span>{last}</span>
      </span>
    </div>
  );
};
