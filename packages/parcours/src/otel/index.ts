import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Config } from '../config/index.ts';

/** Pushes a part's metrics where the configuration says so; loads nothing of OpenTelemetry where it does not. Returns its stop. */
export async function pushMetrics(
  registry: Registry,
  { otel: options }: Pick<Config, 'otel'>,
  context: { readonly part: string; readonly instance: string; readonly logger: Logger },
): Promise<() => Promise<void>> {
  if (!options) return async () => {};
  const { startOtel } = await import('./start.ts');
  return startOtel(registry, { options, ...context });
}
