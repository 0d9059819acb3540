import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anEvent, postEvents } from '../support/batch.ts';
import { startChild } from '../support/child.ts';
import { type Program, startProgram } from '../support/program.ts';
import { commandFolder, runShell } from '../support/shell.ts';

let program: Program;
beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program?.stop());

const tail = (...flags: readonly string[]) =>
  startChild(join(commandFolder(), 'parcours'), ['tail', '--data', program.data, ...flags]);
const page = (path: string) => ({ page: { url: `https://shop.example${path}`, title: path } });

test('every decision is shown as it is taken, with its reason; one alone where it is asked for', async () => {
  const all = tail();
  const failedOnly = tail('--decision', 'failed', '--json');
  try {
    const events = [
      anEvent(page('/boots')),
      anEvent({ type: 'purchase', props: { currency: 'euro' } }),
      anEvent({ ...page('/denied'), stamp: 1 }),
    ];
    const at = new Date().toISOString();
    const stamps = [
      { purposes: ['audience'], source: 'manual', at },
      { purposes: [], source: 'manual', at },
    ];
    await postEvents(program.collector, events, { stamps });
    await all.saw(/^\d\d:\d\d:\d\d\.\d{3} {2}shop +accepted +page_view +\/boots$/m);
    await all.saw(/ shop +failed +purchase +\w+: props/);
    await all.saw(/ shop +filtered +page_view +\w+/);
    const [line] = await failedOnly.saw(/^\{.*\}$/m);
    expect(JSON.parse(line)).toMatchObject({ site: 'shop', type: 'purchase', decision: 'failed', count: 1 });
    expect(failedOnly.output()).not.toContain('/boots');
  } finally {
    for (const child of [all, failedOnly]) expect((await child.stop('SIGINT')).code).toBe(0);
  }
});

test('it goes on when the reader was killed, and tells nothing twice', async () => {
  const child = tail();
  try {
    await postEvents(program.collector, [anEvent(page('/before'))]);
    await child.saw(/\/before$/m);
    process.kill(await program.readerPid(), 'SIGKILL');
    await child.saw(/does not answer; trying again/);
    await postEvents(program.collector, [anEvent(page('/after'))]);
    await child.saw(/\/after$/m);
    expect(child.output().match(/\/before$/gm)).toHaveLength(1);
  } finally {
    await child.stop('SIGINT');
  }
});

test('it ends without a word when nobody reads any more', async () => {
  await postEvents(program.collector, [anEvent(page('/piped'))]);
  const command = `parcours tail --data ${program.data} | head -n 1`;
  const piped = startChild('sh', ['-c', command], { env: { PATH: `${commandFolder()}:${process.env.PATH}` } });
  await piped.saw(/\n/);
  // As for every program, the next line is what tells it.
  await postEvents(program.collector, [anEvent(page('/unread'))]);
  expect(await piped.ended).toEqual({ code: 0, signal: null });
  expect(piped.output().split('\n')).toHaveLength(2);
});

test.each([
  ['--decision maybe', 'bad_flag'],
  ['-n many', 'bad_flag'],
  ['-n 51', 'bad_flag'],
  ['--data /nowhere', 'not_running'],
])('"tail %s" says why not, in JSON too', async (flags, code) => {
  const data = flags.includes('--data') ? '' : `--data ${program.data}`;
  const ran = await runShell(`parcours tail ${data} ${flags} --json`, { cwd: program.data });
  expect([ran.code, ran.stdout, JSON.parse(ran.stderr).error.code]).toEqual([1, '', code]);
});
