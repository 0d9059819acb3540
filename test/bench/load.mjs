import autocannon from 'autocannon';
import { usageOf } from './process_usage.mjs';

export const HEADERS = {
  'content-type': 'text/plain',
  // A browser's, so that nothing is stored as a bot's.
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0 Safari/537.36',
};

/**
 * As many batches as a server answers, over some connections, each the next as soon as it was answered.
 *
 * @param {import('./servers.mjs').Server} server
 * @param {{ seconds: number, connections: number, next: () => Buffer }} load
 */
export async function sendTo({ pid, url }, { seconds, connections, next }) {
  const before = { server: await usageOf(pid), load: process.cpuUsage(), at: performance.now() };
  const { requests, latency, non2xx, errors } = await autocannon({
    url,
    method: 'POST',
    headers: HEADERS,
    connections,
    duration: seconds,
    requests: [{ setupRequest: (request) => ({ ...request, body: next() }) }],
  });
  const ms = performance.now() - before.at;
  const { user, system } = process.cpuUsage(before.load);
  const { cpuMs, rssMb } = await usageOf(pid);
  return {
    perSecond: requests.total / (ms / 1000),
    p50: latency.p50,
    p99: latency.p99,
    refused: non2xx + errors,
    cpuUs: ((cpuMs - before.server.cpuMs) * 1000) / requests.total,
    rssMb,
    /** Share of its core that the load took: near 1, it and not the server would be measured. */
    load: (user + system) / 1000 / ms,
  };
}

/** A server that leaves out what it is sent would look quick. */
export async function checkTaken(server, next) {
  const { results } = await post(server, next());
  const left = results.find(({ status }) => status !== 'accepted');
  if (left) throw new Error(`a batch of the measurement is not taken: ${JSON.stringify(left)}`);
}

/** One batch, and its answer. */
export async function post({ url }, body) {
  const response = await fetch(url, { method: 'POST', headers: HEADERS, body });
  return response.json();
}
