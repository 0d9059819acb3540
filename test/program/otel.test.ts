import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { anEvent, postEvents } from '../support/batch.ts';
import { ROOT, startChild } from '../support/child.ts';
import { receiveOtlp } from '../support/otlp.ts';
import { until } from '../support/processes.ts';
import { startProgram } from '../support/program.ts';

it('both parts push their metrics by OpenTelemetry, to where the configuration says', async () => {
  const receiver = await receiveOtlp();
  const program = await startProgram({
    config: { otel: { endpoint: receiver.endpoint, headers: { 'x-key': 'c4nary' }, intervalMs: 1_000 } },
  });
  try {
    await postEvents(program.collector, [anEvent(), anEvent()]);
    const told = (part: string, name: string): number | undefined =>
      receiver.pushes
        .filter(({ resource }) => resource['parcours.part'] === part)
        .at(-1)
        ?.metrics.get(name)
        ?.sum?.dataPoints.reduce((sum, { asDouble = 0 }) => sum + asDouble, 0);
    await until(() => told('collector', 'parcours_items_total') === 2, 'the collector pushes its accounts');
    await until(() => told('reader', 'parcours_loader_rows_total') === 2, 'the reader pushes its rows');
    receiver.status = 500;
    await until(() => program.output().includes('could not be pushed'), 'the failure is told');
    receiver.status = 200;
    expect(program.output()).not.toContain('c4nary');
  } finally {
    await program.stop();
    await receiver.stop();
  }
});

it('without the optional packages it stops at the start, and says what to install', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parcours-otel-'));
  try {
    await cp(join(ROOT, 'packages/parcours/dist'), join(folder, 'dist'), { recursive: true });
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await mkdir(join(folder, 'node_modules'));
    const installed = join(ROOT, 'packages/parcours/node_modules');
    for (const name of await readdir(installed))
      if (name !== '@opentelemetry' && !name.startsWith('.'))
        await symlink(join(installed, name), join(folder, 'node_modules', name));
    await writeFile(join(folder, 'config.json'), JSON.stringify({ otel: { endpoint: 'http://127.0.0.1:4318' } }));
    const flags = ['--config', join(folder, 'config.json'), '--data', join(folder, 'data')];
    const child = startChild(process.execPath, [
      join(folder, 'dist/bin.js'),
      'serve',
      ...flags,
      '--port',
      '0',
      '--console-port',
      '0',
    ]);
    expect((await child.ended).code).toBe(1);
    expect(child.output()).toMatch(/parcours: otel: needs packages that are not installed; npm install @opentelemetry/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
