import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createConnection, type Socket } from 'node:net';
import { LIMITS } from '@parcours/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LINGER, lingerAfter } from './linger.ts';
import { type OpenedCollector, openCollector } from './testing/open_collector.ts';

interface Sender {
  readonly socket: Socket;
  /** Once the first of the answer is here. */
  answered(): Promise<void>;
  /** Resolves once the bytes are with the kernel, rejects where the connection was reset. */
  write(bytes: string): Promise<void>;
  /** The first line of the answer, once the collector has said all. */
  answer(): Promise<string>;
}

it('is over after its time, whoever says no more', async () => {
  const server = createServer((request, response) => {
    lingerAfter(request, response, { bytes: 1_000, ms: 50 });
    response.end('no');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = createConnection({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  socket.write('POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\nx');
  socket.on('error', () => {}).resume();
  await once(socket, 'close');
  server.close();
  await once(server, 'close');
});

/** An answer that comes before its request is over reaches the sender, who is still writing: on the bare Node way and on Hono's. */
describe.each(['/v1/events', '/v1/validate'])('an early answer of %s', (path) => {
  let opened: OpenedCollector;

  beforeEach(async () => {
    opened = await openCollector('node');
  });
  afterEach(() => opened.close());

  /** A sender that has the head of its request answered before it has written the rest. */
  const open = async (...lines: string[]): Promise<Sender> => {
    const socket = createConnection({ port: opened.port, host: '127.0.0.1', allowHalfOpen: true });
    const ended = once(socket, 'end');
    // Of a reset the writes tell.
    ended.catch(() => {});
    socket.on('error', () => {});
    let text = '';
    await once(socket, 'connect');
    socket.write(`POST ${path} HTTP/1.1\r\nhost: localhost\r\n${lines.join('\r\n')}\r\n\r\n`);
    socket.on('data', (bytes) => {
      text += bytes;
    });
    return {
      socket,
      answered: async () => {
        if (text === '') await once(socket, 'data');
      },
      write: (bytes) =>
        new Promise((resolve, reject) => socket.write(bytes, (error) => (error ? reject(error) : resolve()))),
      async answer() {
        await ended;
        return text.split('\r\n', 1)[0] ?? '';
      },
    };
  };
  const PART = 'x'.repeat(65_536);
  const TEXT = 'content-type: text/plain';

  it.each([
    ['413, of a length', 413, [TEXT]],
    ['413, of a length, for the last time', 413, [TEXT, 'connection: close']],
    ['415, for the last time', 415, ['content-type: image/png', 'connection: close']],
  ])('does not stop its sender: %s', async (_name, status, lines) => {
    const bytes = 3 * LIMITS.batchBytes;
    const { answered, write, answer } = await open(...lines, `content-length: ${bytes}`);
    await answered();
    for (let sent = 0; sent < bytes; sent += PART.length) await write(PART);
    expect(await answer()).toContain(` ${status} `);
  });

  it('does not stop its sender: 413, of chunks', async () => {
    const { answered, write, answer } = await open(TEXT, 'transfer-encoding: chunked');
    const part = `${PART.length.toString(16)}\r\n${PART}\r\n`;
    for (let sent = 0; sent <= LIMITS.batchBytes; sent += PART.length) await write(part);
    await answered();
    for (let sent = 0; sent < LIMITS.batchBytes; sent += PART.length) await write(part);
    await write('0\r\n\r\n');
    expect(await answer()).toContain(' 413 ');
  });

  it('leaves the connection to the next request where it may', async () => {
    const bytes = 3 * LIMITS.batchBytes;
    const { socket, answered, write } = await open('content-type: image/png', `content-length: ${bytes}`);
    await answered();
    for (let sent = 0; sent < bytes; sent += PART.length) await write(PART);
    const again = once(socket, 'data');
    await write('GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n');
    expect(`${await again}`).toContain(' 200 ');
    socket.destroy();
  });

  it('leaves nothing behind on a connection that goes on, which then ends as any', async () => {
    const { socket, answered, write } = await open('content-type: image/png', 'content-length: 10');
    const served = [...opened.connections()];
    expect(served).toHaveLength(1);
    await answered();
    await write('x'.repeat(10));
    const listeners = () => served[0]?.listenerCount('close') ?? 0;
    const head = `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: image/png\r\ncontent-length: 10\r\n\r\n`;
    let first: number | undefined;
    for (let round = 0; round < 5; round++) {
      const again = once(socket, 'data');
      await write(head);
      await again;
      await write('x'.repeat(10));
      first ??= listeners();
    }
    const ask = async (manner: string): Promise<void> => {
      const answer = once(socket, 'data');
      await write(`GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: ${manner}\r\n\r\n`);
      expect(`${await answer}`).toContain(' 200 ');
    };
    await ask('keep-alive');
    expect(listeners()).toBeLessThanOrEqual(first ?? 0);
    await ask('close');
    // Ours stays open: theirs does not wait for it.
    await Promise.all(served.map((each) => each.destroyed || once(each, 'close')));
    socket.destroy();
  });

  it.each([
    ['refused for the last time', TEXT],
    ['refused', 'content-type: image/png'],
  ])('is not waited for without end: who is %s and goes on is cut off', async (_name, type) => {
    const { socket, write } = await open(type, 'content-length: 1000000000');
    let sent = 0;
    for (; sent < 10 * LINGER.bytes; sent += PART.length) {
      if (
        await write(PART).then(
          () => false,
          () => true,
        )
      )
        break;
    }
    // On top comes what is under way.
    expect(sent).toBeLessThan(5 * LINGER.bytes);
    socket.destroy();
  });
});
