import { connect, type Socket } from 'node:net';
import type { Fuzzed } from './fuzzed.ts';

export interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * Sends requests byte by byte over a socket of its own, so that one can be cut off anywhere. Each is answered before the next
 * one goes; an aborted one ends the connection, and so does a refusal that says so.
 */
export function createRawSender(port: number, path: string) {
  let socket: Socket | undefined;
  let received = '';
  let onAnswer: ((answer: RawAnswer) => void) | undefined;
  let onEnd: (() => void) | undefined;

  const open = async (): Promise<Socket> => {
    if (socket && !socket.destroyed && socket.writable) return socket;
    received = '';
    const opened = connect(port, '127.0.0.1');
    opened.setNoDelay(true);
    // What is not ASCII in an answer is not looked at.
    opened.setEncoding('latin1');
    opened.on('data', (text: string) => {
      received += text;
      take();
    });
    opened.on('error', () => undefined);
    opened.on('close', () => onEnd?.());
    await new Promise<void>((resolve, reject) => {
      opened.once('connect', resolve);
      opened.once('error', reject);
    });
    socket = opened;
    return opened;
  };

  function take(): void {
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = received.slice(0, end);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (received.length < end + 4 + length) return;
    const body = received.slice(end + 4, end + 4 + length);
    received = received.slice(end + 4 + length);
    onAnswer?.({ status: Number(head.slice(9, 12)), body });
  }

  const headOf = ({ headers, body }: Fuzzed): string =>
    `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${body.length}\r\n${Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`;

  return {
    /** The answer; nothing for a request that was cut off. */
    async send(request: Fuzzed): Promise<RawAnswer | undefined> {
      const connection = await open();
      connection.write(headOf(request));
      if (request.abortedAfter !== undefined) {
        connection.write(request.body.subarray(0, request.abortedAfter));
        await new Promise<void>((resolve) => connection.end(resolve));
        connection.destroy();
        return undefined;
      }
      connection.write(request.body);
      return await new Promise<RawAnswer>((resolve, reject) => {
        onAnswer = resolve;
        onEnd = () => reject(new Error('the connection ended without an answer'));
      });
    },
    close: () => void socket?.destroy(),
  };
}
