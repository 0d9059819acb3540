import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { childrenOf, isAlive, until } from '../../support/processes.ts';
import { createRandom, testSeed } from '../../support/random.ts';
import { type Load, pause, startLoad } from './load.ts';
import { judgeRows, type Served, serveProgram, verifyReceipts } from './served.ts';

let served: Served;
let load: Load | undefined;
afterEach(async () => {
  await load?.stop();
  await served?.stop();
  load = undefined;
});

/** A sender that begins a body and never ends it. */
function dribble(): Socket {
  const socket = connect(Number(new URL(served.collector).port), '127.0.0.1');
  socket.on('error', () => undefined);
  const head = ['POST /v1/events HTTP/1.1', 'host: localhost', 'content-type: text/plain', 'content-length: 100000'];
  socket.write(`${head.join('\r\n')}\r\n\r\n{`);
  return socket;
}

test('SIGTERM under load, one sender dribbling: ended within 10 s, nothing answered for lost', async () => {
  served = await serveProgram();
  load = startLoad({ collector: served.collector, random: createRandom(testSeed()), senders: 12 });
  await load.nextPromise();
  const { port } = new URL(served.collector);
  const dribbling = connect(Number(port), '127.0.0.1');
  dribbling.on('error', () => undefined);
  dribbling.write(
    'POST /v1/events HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/plain\r\ncontent-length: 100000\r\n\r\n{',
  );
  await pause(500);
  const parts = [served.pidOf('collector'), served.pidOf('reader')] as number[];
  const started = performance.now();
  process.kill(served.pid(), 'SIGTERM');
  expect(await served.child().ended).toEqual({ code: 0, signal: null });
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(parts.filter(isAlive)).toEqual([]);
  dribbling.destroy();
  await served.startAgain();
  await load.nextPromise();
  await load.stop();
  expect(await judgeRows(served, load)).toMatchObject({ lost: [], twice: [] });
  expect(await verifyReceipts(served)).toMatchObject({ code: 0 });
});

test('the program killed while a sender dribbles: its parts end at once, so that no two ever write one log', async () => {
  served = await serveProgram();
  const parts = [served.pidOf('collector'), served.pidOf('reader')] as number[];
  const dribbling = dribble();
  await pause(200);
  const started = performance.now();
  process.kill(served.pid(), 'SIGKILL');
  await until(() => !parts.some(isAlive), 'its parts are gone');
  expect(performance.now() - started).toBeLessThan(2_000);
  dribbling.destroy();
});

test('the program killed while a part is just starting: that part ends too, and it can be started again', async () => {
  served = await serveProgram();
  const reader = served.pidOf('reader') as number;
  process.kill(reader, 'SIGKILL');
  let born: readonly number[] = [];
  await until(() => {
    born = childrenOf(served.pid());
    return born.length === 2 && !born.includes(reader);
  }, 'the reader is being started again');
  process.kill(served.pid(), 'SIGKILL');
  await until(() => !born.some(isAlive), 'all parts are gone');
  await served.startAgain();
});
