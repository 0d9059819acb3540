import { join } from 'node:path';
import { DuckDBConnection } from '@duckdb/node-api';
import { openDuckDb } from './duckdb.ts';
import { DAY_MS, eraseVisitor, eventId, exampleChunk, exampleEvent, exampleRecord, T0 } from './example-chunks.ts';

/**
 * Loads two visitors on two days and seals them, then erases one and seals again, and kills itself before the first of those
 * statements that begins with a text: for the tests.
 */
const [folder, killBefore] = process.argv.slice(2) as [string, string];
const engine = await openDuckDb({ path: join(folder, 'test.duckdb'), folder, threads: 2 });
for (const day of [0, 1]) {
  const events = ['v-1', 'v-2'].map((visitor_id, n) => ({
    ...exampleEvent(n),
    event_id: eventId(day * 10 + n),
    visitor_id,
  }));
  await engine.load(exampleChunk([exampleRecord(events, { at: T0 + day * DAY_MS })], { segment: day + 1 }));
}
await engine.sealDays('2026-11-30');
const run = DuckDBConnection.prototype.run;
DuckDBConnection.prototype.run = function watched(...statement) {
  if (statement[0].trim().startsWith(killBefore)) process.kill(process.pid, 'SIGKILL');
  return run.apply(this, statement);
};
await engine.eraseSubjects(eraseVisitor('v-1'));
await engine.sealDays('2026-11-30');
process.exit();
