import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { anEvent, postEvents } from '../support/batch.ts';
import { until } from '../support/processes.ts';
import { type Program, startProgram } from '../support/program.ts';
import { runShell } from '../support/shell.ts';

/** A person erased while the program runs: gone from its tables, refused by its collector, over a crash too. */

const JANE = '0190a0a0-0000-7000-8000-000000000001';
const JOHN = '0190a0a0-0000-7000-8000-000000000002';

let program: Program;
beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program.stop());

interface Told {
  readonly results: readonly { readonly status: string; readonly code?: string }[];
  readonly visitor_id?: string;
}

const send = async (visitor_id: string, more: object = {}): Promise<Told> =>
  (await postEvents(program.collector, [anEvent({ event_id: randomUUID(), visitor_id, ...more })], { visitor_id }).then(
    (response) => response.json(),
  )) as Told;
const parcours = (command: string) =>
  runShell(`parcours ${command} --data ${program.data}`, { cwd: join(program.data, '..') });
const rowsOf = async (visitor: string): Promise<number> =>
  Number((await program.query(`SELECT count(*) AS n FROM events WHERE visitor_id = '${visitor}'`))[0]?.n);

it('is gone at once, and refused within a second, whatever time the event tells, and after a crash', async () => {
  for (const visitor of [JANE, JOHN]) expect((await send(visitor)).results).toMatchObject([{ status: 'accepted' }]);
  // Whatever is still in the log is loaded first.
  const { code, stdout } = await parcours(`subject erase --by visitor ${JANE} --json`);
  const erasedAt = Date.now();
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ isErased: true, erased: { events: 1 }, receipts: 1, daysToSeal: 0 });
  expect([await rowsOf(JANE), await rowsOf(JOHN)]).toEqual([0, 1]);
  const isRefused = async () => (await send(JANE)).results[0]?.code === 'subject_erased';
  await until(isRefused, 'the collector refuses');
  // With what the request and the polling take.
  expect(Date.now() - erasedAt).toBeLessThan(2_000);
  await program.killCollector();
  let late: Told | undefined;
  const isBack = async () => {
    late = await send(JANE, { occurred_at: '2026-01-01T00:00:00.000Z' }).catch(() => undefined);
    return late !== undefined;
  };
  await until(isBack, 'the collector is back');
  expect(late).toMatchObject({ results: [{ status: 'filtered', code: 'subject_erased' }] });
  expect(late).toHaveProperty('visitor_id', expect.stringMatching(/^[0-9a-f-]{36}$/));
  expect((await send(JOHN)).results).toMatchObject([{ status: 'accepted' }]);
  await program.rowsWhen(
    `SELECT count(*) AS n FROM events WHERE visitor_id = '${JOHN}'`,
    ([row]) => Number(row?.n) === 2,
  );
  expect(await rowsOf(JANE)).toBe(0);
});

it('is handed over by the running program, and all of it is in the audit log', async () => {
  const { code, stdout } = await parcours(`subject export --by visitor ${JOHN}`);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ format: 'parcours.subject/1', asked: { by: 'visitor', value: JOHN } });
  expect(stdout).not.toContain(JANE);
  const { stdout: listed } = await parcours('audit list --json');
  const told = JSON.parse(listed).entries.map(({ action, by }: { action: string; by: string }) => [action, by]);
  expect(told.filter(([action]: string[]) => action?.startsWith('subject'))).toEqual([
    ['subject_erased', 'cli'],
    ['subject_exported', 'cli'],
  ]);
  expect((await parcours('audit verify')).code).toBe(0);
  expect((await parcours('subject erase --by visitor nobody')).code).toBe(1);
});
