import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const RUN = fileURLToPath(new URL('run.mjs', import.meta.url));

/** Each benchmark once, as small as it gets: its figures say nothing, but it finds what it needs and refuses what would flatter. */
const SMALL: Readonly<Record<string, readonly string[]>> = {
  collector: ['--rounds', '1', '--seconds', '1'],
  delivery: ['--rounds', '1', '--only', 'p.js', '--faults', 'none,offline'],
  growth: ['--rounds', '1', '--seconds', '1', '--stored', '2000'],
  loader: ['--rounds', '1', '--events', '5000'],
  machine: ['--rounds', '1', '--seconds', '1'],
  memory: ['--rounds', '1', '--seconds', '1'],
  micro: ['--rounds', '1'],
  rebuild: ['--rounds', '1', '--events', '5000'],
  // The peers would have to be installed.
  sdk: ['--rounds', '1', '--only', 'p.js,Parcours npm'],
  soak: ['--minutes', '0.1'],
  subject: ['--rounds', '1', '--events', '10000', '--rows', '1,10,100'],
  weights: [],
};

it('names every benchmark here', async () => {
  const { stdout } = await run(process.execPath, [RUN]).catch((error) => error);
  const names = [...stdout.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name);
  expect(Object.keys(SMALL)).toEqual(names);
});

it.each(Object.entries(SMALL))('measures %s', { timeout: 240_000 }, async (name, flags) => {
  const { stdout } = await run(process.execPath, [RUN, name, ...flags, '--json']);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ name, machine: { node: process.versions.node }, rows: expect.any(Array) });
  for (const row of report.rows) {
    expect(Object.keys(row).length).toBeGreaterThan(1);
    // NaN is null in JSON: a figure that was not measured.
    expect(Object.values(row)).not.toContain(null);
    for (const unanswered of ['refused', 'left_out']) if (unanswered in row) expect(row[unanswered]).toBe(0);
  }
});
