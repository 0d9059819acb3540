import { once } from 'node:events';
import { createServer } from 'node:http';

/** Where a visit begins, on the same origin as what is measured. */
export const START = '/start';

/** @param {string} name of a subject */
export const pagePath = (name) => `/page/${encodeURIComponent(name)}`;

const page = (head) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Walking boots | Cairn</title>
<link rel="icon" href="data:,">
${head}
</head>
<body><main><h1>Walking boots</h1><p><a href="/start">All boots</a> <button type="button">Buy</button></p></main></body>
</html>`;

/**
 * Serves the pages of all subjects and their scripts.
 *
 * @param {readonly import('./subjects.mjs').Subject[]} subjects
 * @returns {Promise<{ origin: string, scripts: { name: string, file: string }[], stop: () => void }>} `scripts`: those
 *   that were asked for, in order
 */
export async function startSite(subjects) {
  const scripts = [];
  const server = createServer((request, response) => {
    const [, what, name = '', file = ''] = request.url.split('?')[0].split('/').map(decodeURIComponent);
    const subject = subjects.find((one) => one.name === name);
    if (what === 'script' && subject?.files.has(file)) {
      scripts.push({ name, file });
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(subject.files.get(file));
    } else {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page(subject?.head ?? ''));
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://localhost:${server.address().port}`,
    scripts,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
