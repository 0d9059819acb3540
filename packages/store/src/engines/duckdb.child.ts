import { join } from 'node:path';
import { DuckDBConnection } from '@duckdb/node-api';
import { openDuckDb } from './duckdb.ts';
import { exampleChunk, exampleEvent, exampleRecord } from './example-chunks.ts';

/**
 * Loads ten events after ten, each chunk a segment of its own, telling each, until it is killed: for the tests.
 * With a number, it kills itself before that statement of its third load; with `spill`, it asks what does not fit into its memory.
 */
const [folder = '', how] = process.argv.slice(2);
const killBefore = Number(how);
const memoryLimit = how === 'spill' ? '64MB' : '512MB';
const engine = await openDuckDb({ path: join(folder, 'test.duckdb'), folder, threads: 2, memoryLimit });
if (how === 'spill') await engine.query('SELECT x FROM range(100000000) t(x) ORDER BY md5(x::VARCHAR)');
for (let n = 1; ; n++) {
  if (n === 3 && killBefore > 0) killBeforeStatement(killBefore);
  const events = Array.from({ length: 10 }, (_, index) => exampleEvent(n * 10 + index));
  await engine.load(exampleChunk([exampleRecord(events)], { segment: n }));
  process.send?.(n);
  if (n === 3 && killBefore > 0) process.exit();
}

function killBeforeStatement(number: number): void {
  const run = DuckDBConnection.prototype.run;
  let count = 0;
  DuckDBConnection.prototype.run = function counted(...statement) {
    count += 1;
    if (count === number) process.kill(process.pid, 'SIGKILL');
    return run.apply(this, statement);
  };
}
