import { Agent, request } from 'node:http';
import { createHistogram } from 'node:perf_hooks';
import { HEADERS } from './load.mjs';

const TICK_MS = 2;
/** Batches under way at most: what would be more is left out and counted, as a server that stands still would otherwise gather them all. */
const MOST = 100;

/**
 * Sends batches at an even rate, whatever becomes of those before, as a shop's many pages do. The time to an answer counts from the
 * moment that its batch was due, so a pause of the server shows in all that came during it.
 *
 * @param {{ url: string }} server
 * @param {{ perSecond: number, seconds: number, connections: number, next: () => Buffer }} load
 */
export async function sendAtRate({ url }, { perSecond, seconds, connections, next }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latencies = createHistogram();
  const counts = { sent: 0, refused: 0, leftOut: 0 };
  const underWay = new Set();
  const started = performance.now();
  const send = (dueMs) => {
    if (underWay.size >= MOST) {
      counts.leftOut++;
      return;
    }
    counts.sent++;
    const answered = post(url, next(), agent).then(
      (status) => {
        latencies.record(Math.max(1, Math.round((performance.now() - dueMs) * 1000)));
        if (status !== 200) counts.refused++;
      },
      () => {
        counts.refused++;
      },
    );
    underWay.add(answered);
    void answered.finally(() => underWay.delete(answered));
  };
  await new Promise((resolve) => {
    let due = 0;
    const timer = setInterval(() => {
      const ms = Math.min(performance.now() - started, seconds * 1000);
      for (; due < (ms / 1000) * perSecond; due++) send(started + (due / perSecond) * 1000);
      if (ms < seconds * 1000) return;
      clearInterval(timer);
      resolve();
    }, TICK_MS);
  });
  await Promise.all(underWay);
  agent.destroy();
  const ms = (share) => latencies.percentile(share) / 1000;
  return { ...counts, p50: ms(50), p99: ms(99) };
}

function post(url, body, agent) {
  return new Promise((resolve, reject) => {
    const headers = { ...HEADERS, 'content-length': body.length };
    request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    })
      .on('error', reject)
      .end(body);
  });
}
