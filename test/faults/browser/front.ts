import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Batch, BatchReply } from '@parcours/protocol';
import { freePort } from '../../support/free_port.ts';

/** What stands before a collector and goes wrong when told: a real listener, which the browser cannot tell from the collector. */
export interface Front {
  /** Such as `http://localhost:21234`: what pages take for the collector. */
  readonly origin: string;
  /** Every batch that came, in order. */
  readonly batches: readonly Passage[];
  /** Requests that were taken and will never be answered. */
  readonly hung: number;
  /** Lets everything through; listens again after a cut. */
  pass(): Promise<void>;
  /** Connections break, and new ones are refused. */
  cut(): Promise<void>;
  /** Takes requests and never answers; what hangs stays so when others pass again. */
  hang(): void;
  /** Passes batches on and answers with a head and the beginning of a body, which never ends. */
  hangInAnswer(): void;
  /** Answers batches with an error, by itself. */
  refuse(status: number, headers: () => Readonly<Record<string, string>>): void;
  /** As over a bad line: each request takes that long, and its body as long as its bytes take. */
  slow(line: Line): void;
  /** Passes batches on and breaks the connection before the answer. */
  loseAnswers(): void;
  close(): Promise<void>;
}

export interface Line {
  readonly latencyMs: number;
  readonly bytesPerSecond: number;
}

/** A batch on its way. */
export interface Passage {
  /** When it was there, ms on `performance.now()`. */
  readonly at: number;
  readonly events: Batch['events'];
  /** When it was answered, and how; absent where it was not. */
  answeredAt?: number;
  status?: number;
  reply?: BatchReply;
}

type Mode =
  | { readonly name: 'pass' | 'hang' | 'hang in answer' | 'lose' }
  | ({ readonly name: 'slow' } & Line)
  | { readonly name: 'refuse'; readonly status: number; readonly headers: () => Readonly<Record<string, string>> };

export async function startFront(collector: string): Promise<Front> {
  const port = await freePort();
  const batches: Passage[] = [];
  let mode: Mode = { name: 'pass' };
  let hung = 0;
  let server: Server | undefined;

  const take = async (from: IncomingMessage, to: ServerResponse): Promise<void> => {
    const { origin } = from.headers;
    const parts: Buffer[] = [];
    for await (const part of from) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const passage = from.method === 'POST' && from.url === '/v1/events' ? passageOf(body) : undefined;
    if (passage) batches.push(passage);
    const now = mode;
    if (now.name === 'hang') {
      hung += 1;
      return;
    }
    if (now.name === 'slow') await pause(now.latencyMs + (body.length / now.bytesPerSecond) * 1_000);
    if (now.name === 'refuse' && passage) {
      to.writeHead(now.status, { ...crossOrigin(origin), ...now.headers() }).end('{}');
      booked(passage, now.status);
      return;
    }
    // Whoever went away before the line had carried it has sent nothing.
    if (to.destroyed) return;
    const { status, headers, text } = await askCollector(collector, from, body);
    if (now.name === 'hang in answer' && passage) {
      to.writeHead(status, headers).write(text.subarray(0, text.length / 2));
      return;
    }
    if (passage) booked(passage, status, text);
    if (now.name === 'lose' && passage) to.destroy();
    else to.writeHead(status, headers).end(text);
  };

  const listen = async (): Promise<void> => {
    const opened = createServer((from, to) => void take(from, to).catch(() => to.destroy()));
    await new Promise<void>((resolve, reject) => opened.once('error', reject).listen(port, 'localhost', resolve));
    server = opened;
  };

  const cut = async (): Promise<void> => {
    const last = server;
    server = undefined;
    if (!last) return;
    await new Promise((resolve) => {
      last.close(resolve);
      last.closeAllConnections();
    });
  };

  await listen();
  return {
    origin: `http://localhost:${port}`,
    batches,
    get hung() {
      return hung;
    },
    async pass() {
      mode = { name: 'pass' };
      if (!server) await listen();
    },
    cut,
    hang() {
      mode = { name: 'hang' };
    },
    hangInAnswer() {
      mode = { name: 'hang in answer' };
    },
    refuse(status, headers) {
      mode = { name: 'refuse', status, headers };
    },
    slow(line) {
      mode = { name: 'slow', ...line };
    },
    loseAnswers() {
      mode = { name: 'lose' };
    },
    close: cut,
  };
}

/** The body of an abandoned request is none. */
function passageOf(body: Buffer): Passage | undefined {
  try {
    const { events } = JSON.parse(body.toString()) as Batch;
    return { at: performance.now(), events };
  } catch {
    return undefined;
  }
}

function booked(passage: Passage, status: number, text?: Buffer): void {
  passage.answeredAt = performance.now();
  passage.status = status;
  if (text && status === 200) passage.reply = JSON.parse(text.toString());
}

/** What the collector says of itself on every answer, so that a page may read this one. */
const crossOrigin = (origin = '*'): Record<string, string> => ({
  'access-control-allow-origin': origin,
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers': 'retry-after',
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: Buffer;
}

const askCollector = (collector: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = request(`${collector}${url}`, { method, headers, agent: false }, async (answer) => {
      const parts: Buffer[] = [];
      for await (const part of answer) parts.push(part as Buffer);
      resolve({ status: answer.statusCode!, headers: answer.headers, text: Buffer.concat(parts) });
    });
    asked.once('error', reject).end(body);
  });
