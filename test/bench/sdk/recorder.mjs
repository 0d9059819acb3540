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
 * @property {readonly string[]} marks  of the bench events that were taken, each `bench:<visit>:<n>`
 */

const MARK = /bench:\w+:\d+/g;

/**
 * @typedef {object} Recorder
 * @property {string} origin
 * @property {Noted[]} noted  grows as requests come
 * @property {(retryAfter: number | undefined) => void} refuse  posts from now on: 503, and to come back after so many seconds; undefined:
 *   they are taken again
 * @property {() => Promise<void>} close  nobody listens any more
 * @property {() => Promise<void>} open   somebody does again, at the same address
 * @property {() => Promise<void>} stop
 *
 * @param {import('./dialects.mjs').Dialect} dialect
 * @param {{ isDown?: boolean }} [options]  whether posts are refused from the start, for five minutes
 * @returns {Promise<Recorder>}
 */
export async function startRecorder({ text, reply }, { isDown = false } = {}) {
  const noted = [];
  let retryAfter = isDown ? 300 : undefined;
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const asked = { method: request.method, path: request.url.split('?')[0], body };
    const isRefused = retryAfter !== undefined && asked.method === 'POST';
    const marks = asked.method === 'POST' && !isRefused ? (text(asked).match(MARK) ?? []) : [];
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
    if (isRefused) {
      response.writeHead(503, { ...cors, 'retry-after': `${retryAfter}` }).end();
      return;
    }
    const answer = reply(asked);
    response.writeHead(200, { ...cors, 'content-type': answer.type }).end(answer.body);
  });
  let port = 0;
  const open = async () => {
    if (server.listening) return;
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = server.address().port;
  };
  const close = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  await open();
  return {
    origin: `http://localhost:${port}`,
    noted,
    refuse: (seconds) => {
      retryAfter = seconds;
    },
    open,
    close,
    stop: close,
  };
}
