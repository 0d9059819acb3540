import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anEvent, postEvents } from '../support/batch.ts';
import { outputOf } from '../support/command.ts';
import { readGuide } from '../support/guide.ts';
import { askProgram, type Program, startProgram } from '../support/program.ts';
import { serve } from '../support/serve.ts';

const guide = readGuide('docs/operate/failed.md');

let program: Program;
beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program.stop());

interface Told {
  readonly dryRun: boolean;
  readonly counts: Readonly<Record<string, number>>;
  readonly purged: number;
  readonly codes: readonly { readonly code: string; readonly items: number }[];
  readonly items: readonly { readonly failed_id: string; readonly code: string; readonly message: string }[];
}

const failedItems = async (...args: readonly string[]): Promise<Told> => {
  return JSON.parse(await outputOf(['failed', ...args, '--json', '--data', program.data])) as Told;
};

const order = (currency: string) => {
  const props = { transaction_id: 'W-9', currency, value: 129.9, items: [{ item_id: 'SKU-1' }] };
  return anEvent({ type: 'purchase', props });
};

const COUNTS = `SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM failed) AS failed,
  (SELECT count(*) FROM orders) AS orders`;

test('a purchase that failed, repaired and replayed by two at a time, is one order; what was purged stays away', async () => {
  const sent = order('euro');
  const { results } = (await (
    await postEvents(program.collector, [
      sent,
      { ...order('EURO'), type: 'Bad Type' },
      { ...order('EUR'), occurred_at: 'yesterday' },
    ])
  ).json()) as {
    results: { status: string; path: string }[];
  };
  expect(results).toMatchObject([
    { status: 'failed', path: 'props.currency' },
    { status: 'failed' },
    { status: 'failed' },
  ]);
  await program.rowsWhen(COUNTS, ([row]) => row?.failed === 3);

  const { codes, items } = await failedItems('list');
  expect(codes).toEqual([{ code: 'invalid_field', items: 3 }]);
  const [wrong] = await program.query(`SELECT failed_id, received_at FROM failed WHERE event_id = '${sent.event_id}'`);
  const id = String(wrong?.failed_id);
  const other = items.find(({ failed_id }) => failed_id !== id)!.failed_id;

  const shown = await run(guide.block('look', { '3f2a91c0': id.slice(0, 8) }));
  expect(shown).toMatch(/^>\s+"currency": "euro"/m);

  // As it is it fails again, and says why; tried with a repair it would not, and nothing changes.
  expect((await failedItems('replay', id)).items).toMatchObject([{ outcome: 'failed', path: 'props.currency' }]);
  expect(await run(guide.block('try', { '3f2a91c0': id.slice(0, 8) }))).toContain('Would be: 1 accepted.');
  expect(await program.query(COUNTS)).toEqual([{ events: 0, failed: 3, orders: 0 }]);

  // Whoever looks once the other is done finds nothing left to do.
  const both = ['replay', id, '--set', 'props.currency=EUR'];
  const replays = await Promise.allSettled([failedItems(...both), failedItems(...both)]);
  expect(replays.some((each) => each.status === 'fulfilled' && each.value.counts.accepted === 1)).toBe(true);
  for (const each of replays) if (each.status === 'rejected') expect(each.reason.stderr).toContain('"code":"settled"');
  await program.rowsWhen(COUNTS, ([row]) => row?.events === 1 && row.failed === 2);
  const [stored] = await program.query('SELECT event_id, received_at, amount_minor, device, purposes FROM events');
  expect(stored).toMatchObject({
    ...{ event_id: sent.event_id, received_at: wrong?.received_at },
    ...{ amount_minor: 12990, device: 'mobile' },
  });

  await expect(failedItems(...both)).rejects.toMatchObject({ stderr: expect.stringMatching(/was replayed at 20/) });

  expect(await failedItems('purge', other, '--dry-run')).toEqual({ dryRun: true, purged: 1 });
  expect(await failedItems('purge', other)).toEqual({ dryRun: false, purged: 1 });
  await program.rowsWhen(COUNTS, ([row]) => row?.failed === 1);
  // What is left goes by what it is. All there are go only with a yes.
  await expect(failedItems('purge', '--all')).rejects.toMatchObject({
    stderr: expect.stringContaining('all 1 failed item'),
  });
  expect(await failedItems('purge', '--all', '--yes', '--dry-run')).toEqual({ dryRun: true, purged: 1 });
  expect(await failedItems('purge', '--all', '--yes')).toEqual({ dryRun: false, purged: 1 });
  await program.rowsWhen(COUNTS, ([row]) => row?.failed === 0);
  expect(await program.query(COUNTS)).toEqual([{ events: 1, failed: 0, orders: 1 }]);
  // Every item received is somewhere: three came, one is an event now and two were thrown away.
  expect(await rebuilt()).toEqual([{ events: 1, failed: 0, orders: 1 }]);
});

test.each([
  [['replay'], 'nothing_named'],
  [['purge'], 'nothing_named'],
  [['show', 'xyz1'], 'bad_id'],
  [['show', 'ffffffffffff'], 'not_found'],
  [['purge', '--older-than', 'soon'], 'bad_flag'],
  [['replay', '--all', '--patch', '/no/such/file'], 'bad_patch'],
  [['replay', '--all', '--set', 'currency'], 'bad_set'],
  [['replay', '--all', '--set', 'event_id=019aa1c0-0000-7000-8000-000000000001'], 'id_for_many'],
])('refuses %j with one line', async (args, code) => {
  const error = await failedItems(...args).catch((caught: { stderr: string; code: number }) => caught);
  expect(error).toMatchObject({ code: 1 });
  expect(JSON.parse((error as { stderr: string }).stderr)).toMatchObject({ error: { code } });
});

/** A line of the guide, on this data folder. */
async function run(line: string): Promise<string> {
  const args = line.trim().split(' ').slice(1);
  return outputOf([...args, '--data', program.data]);
}

/** The same counts from a copy of the folder whose database was made again. */
async function rebuilt(): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'parcours-failed-'));
  const data = join(folder, 'data');
  try {
    // The running reader's door is no file.
    await cp(program.data, data, { recursive: true, filter: (path) => !path.endsWith('.sock') });
    await rm(join(data, 'run.json'));
    await outputOf(['rebuild', '--data', data]);
    const { child } = await serve({ data });
    try {
      return await askProgram(COUNTS, { data });
    } finally {
      await child.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
