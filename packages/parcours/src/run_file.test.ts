import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isRunning, readRunFile, removeRunFile, writeRunFile } from './run_file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-run-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('reads back what it wrote, and nothing of an absent or torn file', async () => {
  const path = join(folder, 'run.json');
  expect(await readRunFile(path)).toBeUndefined();
  const run = { pid: 7, instance: 'one', collector: 'http://localhost:1', console: 'http://localhost:2' };
  await writeRunFile(path, run);
  expect(await readRunFile(path)).toEqual(run);
  await writeFile(path, '{"pid":7,');
  expect(await readRunFile(path)).toBeUndefined();
  await removeRunFile(path);
});

it('believes only the instance itself, whoever has its port or process id now', async () => {
  const server = createServer((_request, response) => response.end('{"status":"ok","instance":"one"}'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const run = {
    pid: process.pid,
    instance: 'one',
    collector: '',
    console: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
  expect(await isRunning(run)).toBe(true);
  expect(await isRunning({ ...run, instance: 'two' })).toBe(false);
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
  expect(await isRunning(run)).toBe(false);
});
