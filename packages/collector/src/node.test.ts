import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { LIMITS } from '@parcours/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HOLD } from './hold.ts';
import { aBatch, anEvent, aStamp } from './testing/consent_batch.ts';
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

  it('keeps back what tells a sender that it asks for too much', async () => {
    await opened.close();
    /** Ms that each request was worked at. */
    const worked = new Map<string, number>();
    opened = await openCollector('node', {
      rateLimits: { perKey: 1 },
      onRequest: ({ requestId, ms }) => void worked.set(requestId, ms),
    });
    const send = async () => {
      const began = performance.now();
      const body = JSON.stringify({
        ...aBatch([aStamp(['audience'])], [anEvent()]),
        sent_at: new Date().toISOString(),
      });
      // Not as others ask: holding an answer to its description takes time.
      const { status, headers } = await fetch(`http://127.0.0.1:${opened.port}/v1/events`, { method: 'POST', body });
      return {
        status,
        retryAfter: headers.get('retry-after'),
        id: `${headers.get('x-request-id')}`,
        ms: performance.now() - began,
      };
    };
    const refused = (await Promise.all(Array.from({ length: 20 }, send))).filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.filter(({ retryAfter }) => retryAfter !== '1')).toEqual([]);
    const waits = refused.map(({ id, ms }) => ms - (worked.get(id) ?? Number.NaN));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(HOLD.leastMs - 1);
  });

  it('refuses a batch beyond what it can do before its body is read, so that a page can read when to come again', async () => {
    const body = vi.fn();
    const {
      status,
      headers,
      body: text,
    } = await opened.collector.receive.events({
      header: (name) => ({ 'content-type': 'text/plain', origin: 'https://shop.example' })[name],
      address: '192.0.2.1',
      body,
      isOverloaded: true,
    });
    expect(body).not.toHaveBeenCalled();
    expect(status).toBe(503);
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'overloaded' } });
    expect(headers).toMatchObject({ 'access-control-allow-origin': 'https://shop.example' });
    expect(headers['retry-after']).toMatch(/^[2-5]$/);
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
