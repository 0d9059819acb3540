import { open } from 'node:fs/promises';
import { createServer } from 'node:http';

/**
 * What the collector is measured against: the least that a server can do and still keep events. It reads the body,
 * parses it, writes every event as a line, syncs (all waiting requests together), and answers with as many bytes.
 *
 * Usage: node test/bench/baseline.mjs <log file>; it tells its parent where it listens.
 */
const [path] = process.argv.slice(2);
const file = await open(path, 'a');
let waiting = [];
let busy = false;

async function flush() {
  busy = true;
  while (waiting.length > 0) {
    const group = waiting;
    waiting = [];
    await file.appendFile(group.map(({ lines }) => lines).join(''));
    await file.datasync();
    for (const { done } of group) done();
  }
  busy = false;
}

function store(lines) {
  return new Promise((done) => {
    waiting.push({ lines, done });
    if (!busy) void flush();
  });
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    const { events } = JSON.parse(Buffer.concat(chunks).toString());
    let lines = '';
    for (const event of events) lines += `${JSON.stringify(event)}\n`;
    await store(lines);
    const results = events.map((event) => `{"event_id":"${event.event_id}","status":"accepted"}`).join(',');
    const body = `{"results":[${results}]}`;
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  });
}).listen(0, '127.0.0.1', () =>
  process.send?.({ type: 'ready', address: `http://127.0.0.1:${server.address().port}` }),
);
