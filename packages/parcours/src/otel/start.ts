import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { ConfigError } from '../config/error.ts';
import { version } from '../version.ts';
import type { OtelOptions } from './options.ts';
import { createMetricProducer } from './producer.ts';

const PACKAGES = [
  '@opentelemetry/api@~1.9.0',
  '@opentelemetry/resources@^2.0.0',
  '@opentelemetry/sdk-metrics@^2.0.0',
  '@opentelemetry/exporter-metrics-otlp-http@^0.223.0',
];

/**
 * Pushes a registry's metrics by OpenTelemetry until stopped; the stop pushes once more. A receiver that fails is told in
 * the log, once until it takes them again, and holds up nothing.
 *
 * @throws ConfigError where OpenTelemetry's packages are not installed: they are optional, for they are larger than the program
 */
export async function startOtel(
  registry: Registry,
  {
    options,
    part,
    instance,
    logger,
  }: {
    readonly options: OtelOptions;
    readonly part: string;
    readonly instance: string;
    readonly logger: Logger;
  },
): Promise<() => Promise<void>> {
  forgetEnvironment();
  const { api, resources, sdk, otlp } = await load();
  const resource = resources.resourceFromAttributes({
    'service.name': 'parcours',
    'service.version': version,
    'service.instance.id': `${instance}/${part}`,
    'parcours.part': part,
  });
  const exporter = new otlp.OTLPMetricExporter({
    url: pathOf(options.endpoint),
    headers: { ...options.headers },
    temporalityPreference: otlp.AggregationTemporalityPreference.CUMULATIVE,
    timeoutMillis: Math.min(options.intervalMs, 10_000),
  });
  let isFailing = false;
  const push = exporter.export.bind(exporter);
  exporter.export = (metrics, done) =>
    push(metrics, (result) => {
      const failed = result.error !== undefined;
      // What the receiver answers may be anything, and its address may hold a key.
      if (failed && !isFailing)
        logger.error({ fault: result.error?.name }, 'metrics could not be pushed by OpenTelemetry');
      if (!failed && isFailing) logger.info('metrics are pushed by OpenTelemetry again');
      isFailing = failed;
      done(result);
    });
  const reader = new sdk.PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: options.intervalMs,
    exportTimeoutMillis: options.intervalMs,
  });
  const kinds = { ...sdk, ValueType: api.ValueType };
  const startedAt = Date.now() - process.uptime() * 1000;
  reader.setMetricProducer(createMetricProducer(registry, { resource, kinds, startedAt }));
  return () => reader.shutdown().catch(() => {});
}

async function load() {
  try {
    const [api, resources, sdk, otlp] = await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/sdk-metrics'),
      import('@opentelemetry/exporter-metrics-otlp-http'),
    ]);
    return { api, resources, sdk, otlp };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new ConfigError(`otel: needs packages that are not installed; npm install ${PACKAGES.join(' ')}`);
  }
}

/** Its packages read variables of their own for whatever they are not told, such as headers: the configuration decides alone. */
function forgetEnvironment(): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('OTEL_')) delete process.env[name];
}

const pathOf = (endpoint: string): string =>
  endpoint.endsWith('/v1/metrics') ? endpoint : `${endpoint.replace(/\/$/, '')}/v1/metrics`;
