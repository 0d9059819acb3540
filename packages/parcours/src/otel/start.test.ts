import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OtlpReceiver, receiveOtlp } from '../../../../test/support/otlp.ts';
import { createLogger } from '../logger.ts';
import { otelOptions } from './options.ts';
import { startOtel } from './start.ts';

let receiver: OtlpReceiver;
let stop: () => Promise<void> = async () => {};
beforeEach(async () => {
  receiver = await receiveOtlp();
});
afterEach(async () => {
  await stop();
  await receiver.stop();
});

const start = async (registry: Registry): Promise<void> => {
  const options = otelOptions.parse({ endpoint: receiver.endpoint, headers: { 'x-key': 'k1' }, intervalMs: 1_000 });
  const context = { part: 'collector', instance: 'one', logger: createLogger('error', 'test') };
  stop = await startOtel(registry, { options, ...context });
};

it('pushes what the registry holds, each kind as OpenTelemetry has it', async () => {
  const registry = new Registry();
  const registers = [registry];
  const counter = new Counter({ name: 'parcours_items_total', help: 'Items', labelNames: ['site'], registers });
  counter.inc({ site: 'shop' }, 3);
  new Gauge({ name: 'parcours_log_backlog_bytes', help: 'Backlog', registers }).set(7);
  new Gauge({ name: 'parcours_unknown', help: 'Nobody knows', registers }).set(Number.NaN);
  const histogram = new Histogram({
    name: 'parcours_x_seconds',
    help: 'X',
    buckets: [1, 5],
    labelNames: ['site'],
    registers,
  });
  for (const seconds of [0.5, 2, 2, 9]) histogram.observe({ site: 'shop' }, seconds);
  process.env.OTEL_EXPORTER_OTLP_HEADERS = 'x-from-environment=1';
  await start(registry);
  const push = await receiver.next();

  expect(push.path).toBe('/v1/metrics');
  expect(push.headers['x-key']).toBe('k1');
  expect(push.headers['x-from-environment']).toBeUndefined();
  expect(push.resource).toMatchObject({ 'service.name': 'parcours', 'service.instance.id': 'one/collector' });
  const site = [{ key: 'site', value: { stringValue: 'shop' } }];
  expect(push.metrics.get('parcours_items_total')).toMatchObject({
    description: 'Items',
    sum: { isMonotonic: true, aggregationTemporality: 2, dataPoints: [{ attributes: site, asDouble: 3 }] },
  });
  expect(push.metrics.get('parcours_log_backlog_bytes')).toMatchObject({
    unit: 'By',
    gauge: { dataPoints: [{ asDouble: 7 }] },
  });
  expect(push.metrics.has('parcours_unknown')).toBe(false);
  expect(push.metrics.get('parcours_x_seconds')).toMatchObject({
    unit: 's',
    histogram: {
      aggregationTemporality: 2,
      dataPoints: [{ attributes: site, count: 4, sum: 13.5, explicitBounds: [1, 5], bucketCounts: [1, 2, 1] }],
    },
  });
  const [point] = push.metrics.get('parcours_items_total')?.sum?.dataPoints ?? [];
  expect(Number(point?.timeUnixNano) / 1e6).toBeCloseTo(Date.now(), -4);

  counter.inc({ site: 'shop' });
  const later = await receiver.next();
  expect(later.metrics.get('parcours_items_total')?.sum?.dataPoints[0]?.asDouble).toBe(4);
});

it('pushes once more when it is stopped', async () => {
  const registry = new Registry();
  const gauge = new Gauge({ name: 'parcours_last', help: 'Last', registers: [registry] });
  await start(registry);
  gauge.set(42);
  await stop();
  stop = async () => {};
  expect(receiver.pushes.at(-1)?.metrics.get('parcours_last')?.gauge?.dataPoints[0]?.asDouble).toBe(42);
});
