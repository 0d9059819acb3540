import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below what systems give to outgoing connections and to listeners that leave the choice to them. */
const FIRST = 20_000;
/** For each worker of a run its own: files run side by side, and a port is free until its listener starts. */
const PER_WORKER = 1_000;
const WORKERS = 10;

const given = new Set<number>();

/**
 * A port that nothing listens on, and that stays free while nobody does: a listener may start late, go and come back. Given
 * once only in a process, so that no two tests share an origin. Where the program may choose, give it 0.
 */
export async function freePort(): Promise<number> {
  const first = FIRST + (Number(process.env.VITEST_POOL_ID ?? process.pid) % WORKERS) * PER_WORKER;
  for (;;) {
    const port = first + Math.floor(Math.random() * PER_WORKER);
    // Once all were given they may come again.
    if (given.size === PER_WORKER) given.clear();
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    // At every address, as `localhost` may be any of them.
    await once(server.listen(port), 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
