import { Agent, request } from 'node:http';

export interface Load {
  readonly requests: number;
  /** Requests that were not answered with 200. */
  readonly refused: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** A browser's, so that nothing is stored as a bot's. */
const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';

/** Posts one body after another over some connections, each the next as soon as it was answered, for a bounded time. */
export async function sendFor(
  url: string,
  { ms, connections, body }: { readonly ms: number; readonly connections: number; readonly body: () => string },
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latencies: number[] = [];
  let refused = 0;
  const started = performance.now();
  const isOver = (): boolean => performance.now() - started >= ms;
  const connection = async (): Promise<void> => {
    while (!isOver()) {
      const sent = performance.now();
      if ((await post(url, body(), agent)) !== 200) refused += 1;
      latencies.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: connections }, connection)).finally(() => agent.destroy());
  const seconds = (performance.now() - started) / 1000;
  latencies.sort((a, b) => a - b);
  const percentile = (share: number): number => latencies[Math.floor((latencies.length - 1) * share)] ?? 0;
  const requests = latencies.length;
  return { requests, refused, perSecond: requests / seconds, p50Ms: percentile(0.5), p99Ms: percentile(0.99) };
}

function post(url: string, body: string, agent: Agent): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'text/plain',
      'user-agent': USER_AGENT,
      'content-length': Buffer.byteLength(body),
    };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
