import { z } from 'zod';

/**
 * Where metrics are pushed by OpenTelemetry (OTLP over HTTP, JSON), beside `/metrics`. The environment variables of
 * OpenTelemetry are not read: what leaves this machine stands in the configuration.
 */
export const otelOptions = z.strictObject({
  endpoint: z
    .url({ protocol: /^https?$/, error: 'must be an address such as http://127.0.0.1:4318' })
    .describe('Base address of a collector, such as http://127.0.0.1:4318; /v1/metrics is added where it is missing'),
  headers: z
    .record(z.string().regex(/^[\w-]+$/, 'must be a header name'), z.string())
    .default({})
    .describe('Headers sent with each push, such as a key of the receiver'),
  intervalMs: z.int().min(1_000).max(3_600_000).default(60_000).describe('Time between two pushes, ms'),
});

export type OtelOptions = z.output<typeof otelOptions>;
