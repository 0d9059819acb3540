/**
 * Starts the example shop: `node server.mjs`, with nothing installed and nothing built.
 *
 *     SHOP_PORT      default 8080
 *     SHOP_HOST      default 127.0.0.1
 *     COLLECTOR_URL  default http://localhost:8787; the shop works without it
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createShop } from './shop.mjs';

/** In this order: a later one wins. */
const SHEETS = ['base', 'frame', 'home', 'products', 'cart', 'checkout', 'consent', 'last'];

const { SHOP_PORT = '8080', SHOP_HOST = '127.0.0.1', COLLECTOR_URL = 'http://localhost:8787' } = process.env;
const port = Number(SHOP_PORT);
if (!Number.isInteger(port) || port < 0 || port > 65_535) fail(`SHOP_PORT must be a port number, not "${SHOP_PORT}"`);
if (!URL.canParse(COLLECTOR_URL)) fail(`COLLECTOR_URL must be an absolute URL, not "${COLLECTOR_URL}"`);

const server = createServer(createShop({ collectorUrl: COLLECTOR_URL, stub: readStub(), files: readPublic() }));
server.once('error', (error) =>
  fail(
    'code' in error && error.code === 'EADDRINUSE' ? `port ${port} is in use; set SHOP_PORT to another` : error.message,
  ),
);
server.listen(port, SHOP_HOST, () => {
  const address = server.address();
  console.log(`shop: http://localhost:${typeof address === 'object' && address !== null ? address.port : port}`);
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}

/** The stub as the SDK's build leaves it; without it the pages work, and calls before `p.js` are not kept. */
function readStub() {
  try {
    return readFileSync(new URL('../../packages/sdk/dist/stub.js', import.meta.url), 'utf8').trim();
  } catch {
    console.error('shop: the SDK is not built (npm run build); pages come without its stub');
    return '';
  }
}

/** The scripts as they are, and the sheets joined to one, so that a page waits for one. */
function readPublic() {
  const scripts = new URL('./public/', import.meta.url);
  const sheets = new URL('./styles/', import.meta.url);
  const css = SHEETS.map((name) => readFileSync(new URL(`${name}.css`, sheets), 'utf8')).join('\n');
  return new Map([
    ...readdirSync(scripts).map((name) => {
      const file = { type: 'text/javascript; charset=utf-8', body: readFileSync(new URL(name, scripts)) };
      return /** @type {const} */ ([`/${name}`, file]);
    }),
    /** @type {const} */ (['/shop.css', { type: 'text/css; charset=utf-8', body: Buffer.from(css) }]),
  ]);
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(`shop: ${message}`);
  process.exit(1);
}
