import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One push as OTLP/JSON has it, as far as a test looks. */
export interface Push {
  readonly headers: IncomingHttpHeaders;
  readonly path: string;
  readonly resource: Readonly<Record<string, string>>;
  readonly metrics: ReadonlyMap<string, OtlpMetric>;
}

export interface OtlpPoint {
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue: string } }[];
  readonly asDouble?: number;
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly count?: number;
  readonly sum?: number;
  readonly bucketCounts?: readonly number[];
  readonly explicitBounds?: readonly number[];
}

export interface OtlpMetric {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly gauge?: { readonly dataPoints: readonly OtlpPoint[] };
  readonly sum?: {
    readonly dataPoints: readonly OtlpPoint[];
    readonly isMonotonic: boolean;
    readonly aggregationTemporality: number;
  };
  readonly histogram?: { readonly dataPoints: readonly OtlpPoint[]; readonly aggregationTemporality: number };
}

/** A receiver of OTLP over HTTP in JSON, on this machine. */
export interface OtlpReceiver {
  readonly endpoint: string;
  readonly pushes: readonly Push[];
  /** What it answers from now on. Default 200. */
  status: number;
  next(): Promise<Push>;
  stop(): Promise<void>;
}

export async function receiveOtlp(): Promise<OtlpReceiver> {
  const pushes: Push[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const [{ resource, scopeMetrics }] = JSON.parse(text).resourceMetrics;
    const attributes = resource.attributes.map(({ key, value }: OtlpPoint['attributes'][number]) => [
      key,
      value.stringValue,
    ]);
    const metrics = scopeMetrics.flatMap(({ metrics: each }: { metrics: OtlpMetric[] }) => each) as OtlpMetric[];
    pushes.push({
      headers: request.headers,
      path: request.url ?? '',
      resource: Object.fromEntries(attributes),
      metrics: new Map(metrics.map((metric) => [metric.name, metric])),
    });
    response.writeHead(receiver.status, { 'content-type': 'application/json' }).end('{}');
    server.emit('push');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const receiver: OtlpReceiver = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pushes,
    status: 200,
    async next() {
      await once(server, 'push');
      return pushes.at(-1) as Push;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}
