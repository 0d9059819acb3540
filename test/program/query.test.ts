import { afterAll, beforeAll, expect, it } from 'vitest';
import { anEvent, postEvents } from '../support/batch.ts';
import { runParcours } from '../support/command.ts';
import { type Program, startProgram } from '../support/program.ts';

let program: Program;
beforeAll(async () => {
  program = await startProgram();
  await postEvents(program.collector, [anEvent(), anEvent({ type: 'asked' })]);
  await program.rowsWhen('SELECT 1 FROM events', (rows) => rows.length === 2);
});
afterAll(() => program?.stop());

const query = (...args: readonly string[]) => runParcours(['query', ...args, '--data', program.data]);

it('prints rows as a table, and as JSON', async () => {
  const select = 'SELECT type, count(*)::INTEGER AS n FROM events GROUP BY type ORDER BY type';
  expect((await query(select)).stdout).toMatch(/type +n *\n[^\n]*\nasked +1 *\npage_view +1/);
  const { code, stdout } = await query(select, '--json');
  expect([code, JSON.parse(stdout)]).toMatchObject([
    0,
    {
      columns: [{ name: 'type' }, { name: 'n' }],
      rows: [
        ['asked', 1],
        ['page_view', 1],
      ],
      truncated: false,
    },
  ]);
});

it('gives no more rows than were asked for, and says so', async () => {
  const { stdout } = await query('SELECT type FROM events', '--max-rows', '1', '--json');
  const { rows, truncated } = JSON.parse(stdout);
  expect([rows.length, truncated]).toEqual([1, true]);
});

it.each([
  ['DELETE FROM events', [], 'not_a_select'],
  ["SELECT * FROM read_text('/etc/passwd')", [], 'forbidden'],
  ['SELECT nothing FROM events', [], 'invalid'],
  ['SELECT 1', ['--max-rows', 'many'], 'bad_flag'],
] as const)('refuses %j %j in one line', async (select, flags, code) => {
  const { code: exit, stdout, stderr } = await query(select, ...flags, '--json');
  expect([exit, stdout]).toEqual([1, '']);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(JSON.parse(stderr).error.code).toBe(code);
});
