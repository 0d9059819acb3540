import { afterAll, beforeAll, expect, it } from 'vitest';
import { anEvent, postEvents } from '../support/batch.ts';
import { until } from '../support/processes.ts';
import { type Program, startProgram } from '../support/program.ts';
import { parseSamples, sumOf } from '../support/samples.ts';

let program: Program;
beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program.stop());

const read = async (origin: string): Promise<string> => (await fetch(`${origin}/metrics`)).text();

it('accounts of both processes add up after a mixed load', async () => {
  const twice = anEvent();
  const load = [
    () => [twice, anEvent(), anEvent({ type: 'Bad Name' })],
    () => [twice, anEvent({ stamp: 9 })],
    () => [anEvent(), anEvent()],
  ];
  await Promise.all(Array.from({ length: 20 }, (_, n) => postEvents(program.collector, load[n % 3]?.() ?? [])));
  expect((await postEvents(program.collector, [anEvent()], { key: 'wrong' })).status).toBe(401);

  const collector = await read(program.collector);
  const received = sumOf(collector, 'parcours_items_received_total');
  const ended = ['accepted', 'duplicate', 'filtered', 'failed', 'retry'].map((status) =>
    sumOf(collector, 'parcours_items_total', `status="${status}"`),
  );
  expect(received).toBe(7 * 3 + 7 * 2 + 6 * 2);
  expect(ended.reduce((sum, count) => sum + count)).toBe(received);
  expect(ended).toEqual([20, 13, 7, 7, 0]);
  expect(sumOf(collector, 'parcours_log_group_records_sum')).toBe(20);
  expect(sumOf(collector, 'parcours_request_duration_seconds_count', 'unknown_key')).toBe(1);

  await until(
    async () => sumOf(await read(program.console), 'parcours_loader_rows_total', '"loaded"') === 20,
    'the reader tells 20 rows',
  );
  expect(sumOf(await read(program.console), 'parcours_loader_rows_total', '"failed"')).toBe(7);
});

it('each process tells its memory, its event loop and the disk', async () => {
  for (const origin of [program.collector, program.console]) {
    const text = await read(origin);
    for (const name of [
      'process_resident_memory_bytes',
      'nodejs_eventloop_lag_p99_seconds',
      'parcours_disk_free_bytes',
    ])
      expect([name, sumOf(text, name) > 0]).toEqual([name, true]);
    expect(parseSamples(text).filter(({ name, value }) => name.startsWith('parcours_') && Number.isNaN(value))).toEqual(
      [],
    );
  }
});
