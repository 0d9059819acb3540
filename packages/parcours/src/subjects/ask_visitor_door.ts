import { type IncomingMessage, request } from 'node:http';
import { TablesUnavailable, type VisitorExport } from '@parcours/collector';

/** The reader looks through all receipts before the first row. */
const FIRST_BYTE_MS = 30_000;

/**
 * Asks the reader of the same data folder for what is held under the id of a browser.
 *
 * @param socket of `openVisitorDoor`
 * @throws TablesUnavailable where no reader answers, it has too much in hand, or it is too slow
 */
export const createAskVisitorDoor =
  (socket: string): ((asked: VisitorExport) => Promise<AsyncIterable<Uint8Array>>) =>
  ({ site, visitorId, signal }) =>
    new Promise((resolve, reject) => {
      const asked = request({ socketPath: socket, method: 'POST', path: '/', signal, timeout: FIRST_BYTE_MS });
      // Silence at any time: what has begun breaks off, and no half of a file passes for the whole.
      asked.on('timeout', () => asked.destroy(new Error('no answer in time')));
      asked.on('error', (cause) => reject(new TablesUnavailable(cause)));
      asked.on('response', (response: IncomingMessage) => {
        if (response.statusCode === 200) return resolve(response);
        response.resume();
        reject(new TablesUnavailable(new Error(`the reader answered ${response.statusCode}`)));
      });
      asked.end(JSON.stringify({ site, visitor_id: visitorId }));
    });
