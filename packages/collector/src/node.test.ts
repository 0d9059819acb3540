import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { LIMITS } from '@parcours/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenedCollector, openCollector } from './testing/open_collector.ts';

/** What only a raw socket can say: lengths that lie, bodies that stop, senders that go away. */
describe('the bare Node way', () => {
  let opened: OpenedCollector;
  let port: number;

  beforeEach(async () => {
    opened = await openCollector('node');
    port = opened.port;
  });
  afterEach(() => opened.close());

  const connect = async (...lines: string[]): Promise<Socket> => {
    const socket = createConnection(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      `POST /v1/events HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/plain\r\n${lines.join('\r\n')}\r\n\r\n`,
    );
    return socket;
  };
  const statusOf = async (socket: Socket): Promise<string> => {
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    return bytes.toString().split('\r\n', 1)[0] ?? '';
  };
  const chunk = (bytes: number): string => `${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`;

  it('refuses a declared length over the limit before a byte of it is read', async () => {
    const socket = await connect(`content-length: ${LIMITS.batchBytes + 1}`);
    expect(await statusOf(socket)).toBe('HTTP/1.1 413 Payload Too Large');
    socket.destroy();
  });

  it('counts the bytes of a chunked body, and stops at the limit', async () => {
    const socket = await connect('transfer-encoding: chunked');
    const answer = statusOf(socket);
    for (let sent = 0; sent <= LIMITS.batchBytes; sent += 65_536) socket.write(chunk(65_536));
    expect(await answer).toBe('HTTP/1.1 413 Payload Too Large');
    socket.destroy();
  });

  it('takes a chunked body under the limit for what it is', async () => {
    const socket = await connect('transfer-encoding: chunked');
    const answer = statusOf(socket);
    socket.write(`2\r\n{}\r\n0\r\n\r\n`);
    expect(await answer).toBe('HTTP/1.1 400 Bad Request');
    socket.destroy();
  });

  it('is not impressed by a length that is no number', async () => {
    const socket = await connect('content-length: many');
    expect(await statusOf(socket)).toBe('HTTP/1.1 400 Bad Request');
    socket.destroy();
  });

  it('outlives senders that go away in the middle, with flat memory', async () => {
    const before = process.memoryUsage().rss;
    for (let round = 0; round < 20; round++) {
      const sockets = await Promise.all(
        Array.from({ length: 20 }, () => connect(`content-length: ${LIMITS.batchBytes}`)),
      );
      for (const socket of sockets) {
        socket.write('x'.repeat(100_000));
        socket.destroy();
      }
      await Promise.all(sockets.map((socket) => once(socket, 'close')));
    }
    expect((await opened.request('/healthz')).status).toBe(200);
    expect(await opened.records()).toEqual([]);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  it('answers nothing but Hono where the path is another', async () => {
    expect((await opened.request('/v1/events')).status).toBe(405);
    expect((await opened.request('/nowhere')).status).toBe(404);
    expect((await opened.request('/v1/events?x=1', { method: 'POST', body: '{}' })).status).toBe(400);
  });
});
