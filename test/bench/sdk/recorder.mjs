import { once } from 'node:events';
import { createServer } from 'node:http';

/**
 * What stands where a tracker's server would: answers in its dialect and notes every request. The same program for all,
 * Parcours too, so that what differs between two trackers is the trackers, and not how fast their servers are.
 *
 * @typedef {object} Noted
 * @property {number} at      ms since the epoch
 * @property {string} method
 * @property {string} path
 * @property {number} bytes   of the body as it was sent
 * @property {readonly string[]} marks  of the bench events in it, each `bench:<visit>:<n>`
 */

const MARK = /bench:\w+:\d+/g;

/**
 * @param {import('./dialects.mjs').Dialect} dialect
 * @param {{ isDown?: boolean }} [options]  whether posts are refused: 503, and to come back in five minutes
 * @returns {Promise<{ origin: string, noted: Noted[], stop: () => Promise<void> }>} `noted` grows as requests come
 */
export async function startRecorder({ text, reply }, { isDown = false } = {}) {
  const noted = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const asked = { method: request.method, path: request.url.split('?')[0], body };
    const marks = asked.method === 'POST' ? (text(asked).match(MARK) ?? []) : [];
    noted.push({ at: Date.now(), method: asked.method, path: asked.path, bytes: body.length, marks });
    const cors = {
      'access-control-allow-origin': request.headers.origin ?? '*',
      'access-control-allow-credentials': 'true',
    };
    if (asked.method === 'OPTIONS') {
      const headers = request.headers['access-control-request-headers'] ?? '';
      response.writeHead(204, {
        ...cors,
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': headers,
      });
      response.end();
      return;
    }
    if (isDown && asked.method === 'POST') {
      response.writeHead(503, { ...cors, 'retry-after': '300' }).end();
      return;
    }
    const answer = reply(asked);
    response.writeHead(200, { ...cors, 'content-type': answer.type }).end(answer.body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://localhost:${server.address().port}`,
    noted,
    stop: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
