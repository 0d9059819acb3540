import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBatches } from '../batches.mjs';
import { checkTaken, sendTo } from '../load.mjs';
import { pinThis } from '../pin.mjs';
import { startCollector, writeSecrets } from '../servers.mjs';
import { inTurns } from './rounds.mjs';

const EVENTS = 10;
const CONNECTIONS = 50;

/** What the collector's processor pays for an event while so many sites send in turns, µs. */
export async function growthOfSites({ rounds, seconds, counts }) {
  pinThis(1);
  const folder = await mkdtemp(join(tmpdir(), 'parcours-bench-'));
  try {
    const { receiptKey } = await writeSecrets(folder);
    return await inTurns(rounds, counts, async (sites) => {
      const { next } = createBatches({ receiptKey, events: EVENTS, sites });
      const server = await startCollector(folder, { sites });
      try {
        for (let n = 0; n < sites; n++) await checkTaken(server, next);
        await sendTo(server, { seconds: 3, connections: CONNECTIONS, next });
        const { cpuUs } = await sendTo(server, { seconds, connections: CONNECTIONS, next });
        return cpuUs / EVENTS;
      } finally {
        await server.stop();
      }
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
