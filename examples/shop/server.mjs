/**
 * Starts the example shop: `node server.mjs`, with nothing installed and nothing built, under its own consent banner;
 * `node server.mjs --consent tcf` under another, which comes out of packages.
 *
 *     SHOP_PORT      default 8080
 *     SHOP_HOST      default 127.0.0.1
 *     COLLECTOR_URL  default http://localhost:8787; the shop works without it
 */
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { CONSENTS } from './consents.mjs';
import { readPublic, readStub } from './files.mjs';
import { createShop } from './shop.mjs';

const { SHOP_PORT = '8080', SHOP_HOST = '127.0.0.1', COLLECTOR_URL = 'http://localhost:8787' } = process.env;
const port = Number(SHOP_PORT);
if (!Number.isInteger(port) || port < 0 || port > 65_535) fail(`SHOP_PORT must be a port number, not "${SHOP_PORT}"`);
if (!URL.canParse(COLLECTOR_URL)) fail(`COLLECTOR_URL must be an absolute URL, not "${COLLECTOR_URL}"`);

const name = consentName();
const consent = CONSENTS[name];
if (consent === undefined) fail(`--consent must be one of ${Object.keys(CONSENTS).join(', ')}, not "${name}"`);

const files = await readPublic(name, consent).catch((error) => fail(error.message));
const server = createServer(createShop({ collectorUrl: COLLECTOR_URL, stub: readStub(), consent, files }));
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

/** The consent manager that is asked for. @returns {string} */
function consentName() {
  try {
    return parseArgs({ options: { consent: { type: 'string', default: 'own' } } }).values.consent;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(`shop: ${message}`);
  process.exit(1);
}
