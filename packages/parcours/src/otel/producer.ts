import type { HrTime } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { CollectionResult, DataPoint, Histogram, MetricData, MetricProducer } from '@opentelemetry/sdk-metrics';
import type { MetricObjectWithValues, MetricValue, MetricValueWithName, Registry } from 'prom-client';

/** OpenTelemetry's own constants, as its package has them: handed in, so that nothing loads it here. */
export type Kinds = Pick<typeof import('@opentelemetry/sdk-metrics'), 'AggregationTemporality' | 'DataPointType'> &
  Pick<typeof import('@opentelemetry/api'), 'ValueType'>;

/** The metrics of a registry as OpenTelemetry's, under the same names: one source, two ways out. */
export function createMetricProducer(
  registry: Registry,
  { resource, kinds, startedAt }: { readonly resource: Resource; readonly kinds: Kinds; readonly startedAt: number },
): MetricProducer {
  return {
    async collect(): Promise<CollectionResult> {
      const families = (await registry.getMetricsAsJSON()) as MetricObjectWithValues<MetricValue<string>>[];
      const metrics = families
        .map((family) => metricOf(family, { kinds, startTime: hrTime(startedAt), endTime: hrTime(Date.now()) }))
        .filter(({ dataPoints }) => dataPoints.length > 0);
      return { resourceMetrics: { resource, scopeMetrics: [{ scope: { name: 'parcours' }, metrics }] }, errors: [] };
    },
  };
}

interface Frame {
  readonly kinds: Kinds;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
}

function metricOf(family: MetricObjectWithValues<MetricValue<string>>, { kinds, ...times }: Frame): MetricData {
  const { name, help } = family;
  const descriptor = { name, description: help, unit: unitOf(name), valueType: kinds.ValueType.DOUBLE };
  const aggregationTemporality = kinds.AggregationTemporality.CUMULATIVE;
  // prom-client's own type is a number in its types and a word at run time.
  const type = String(family.type);
  if (type === 'histogram') {
    const values = family.values as MetricValueWithName<string>[];
    return {
      descriptor,
      aggregationTemporality,
      dataPointType: kinds.DataPointType.HISTOGRAM,
      dataPoints: histogramPoints(name, values, times),
    };
  }
  const dataPoints = family.values.filter(({ value }) => Number.isFinite(value)).map((value) => point(value, times));
  if (type === 'counter') {
    return {
      descriptor,
      aggregationTemporality,
      dataPointType: kinds.DataPointType.SUM,
      isMonotonic: true,
      dataPoints,
    };
  }
  return { descriptor, aggregationTemporality, dataPointType: kinds.DataPointType.GAUGE, dataPoints };
}

type Times = Pick<Frame, 'startTime' | 'endTime'>;

const point = ({ value, labels }: MetricValue<string>, times: Times): DataPoint<number> => ({
  ...times,
  attributes: attributesOf(labels),
  value,
});

/** Prometheus counts each bucket with all below it, OpenTelemetry each by itself and one more above the last bound. */
function histogramPoints(
  name: string,
  values: readonly MetricValueWithName<string>[],
  times: Times,
): DataPoint<Histogram>[] {
  const series = new Map<
    string,
    { labels: MetricValue<string>['labels']; upTo: [number, number][]; sum: number; count: number }
  >();
  for (const { labels: all, metricName, value } of values) {
    const { le, ...labels } = all as Record<string, string | number>;
    const key = JSON.stringify(labels);
    const one = series.get(key) ?? { labels, upTo: [], sum: 0, count: 0 };
    series.set(key, one);
    if (metricName === `${name}_sum`) one.sum = value;
    else if (metricName === `${name}_count`) one.count = value;
    else if (le !== '+Inf') one.upTo.push([Number(le), value]);
  }
  return [...series.values()].map(({ labels, upTo, sum, count }) => {
    const below = upTo.map(([, total]) => total);
    const counts = [...below, count].map((total, index) => total - (below[index - 1] ?? 0));
    const buckets = { boundaries: upTo.map(([bound]) => bound), counts };
    return { ...times, attributes: attributesOf(labels), value: { buckets, sum, count } };
  });
}

const attributesOf = (labels: MetricValue<string>['labels']): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, String(value)]));

/** The unit as UCUM writes it, from the end of the name. */
function unitOf(name: string): string {
  if (/_seconds(_total)?$/.test(name)) return 's';
  if (/_bytes(_total)?$/.test(name)) return 'By';
  return '1';
}

const hrTime = (ms: number): HrTime => [Math.floor(ms / 1000), Math.floor((ms % 1000) * 1e6)];
