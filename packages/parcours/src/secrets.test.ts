import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lookAtSecrets, openSecrets, readSecrets } from './secrets.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-secrets-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('makes them once, for their owner alone', async () => {
  const path = join(folder, 'data', 'secrets.json');
  const first = await openSecrets(path);
  expect(first.isNew).toBe(true);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await openSecrets(path)).toEqual({ secrets: first.secrets, isNew: false });
  expect(new Set(Object.values(first.secrets)).size).toBe(6);
});

/** Reads a file over and over in a thread of its own; gives each text that it met, '' for an empty file. */
function watch(path: string): { readonly begun: Promise<unknown>; end(): Promise<readonly string[]> } {
  const isOver = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(
    `const { parentPort, workerData: { path, isOver } } = require('node:worker_threads');
     const { readFileSync } = require('node:fs');
     const met = new Set();
     parentPort.postMessage('begun');
     while (!Atomics.load(isOver, 0)) try { met.add(readFileSync(path, 'utf8')); } catch {}
     parentPort.postMessage([...met]);`,
    { eval: true, workerData: { path, isOver } },
  );
  const message = async () => (await once(worker, 'message'))[0];
  const begun = message();
  return {
    begun,
    end() {
      Atomics.store(isOver, 0, 1);
      return message();
    },
  };
}

it('makes them once for all who come first at the same moment, and nobody meets a part of them', async () => {
  for (let round = 0; round < 10; round++) {
    const path = join(folder, `round-${round}`, 'secrets.json');
    const watched = watch(path);
    await watched.begun;
    const opened = await Promise.all(Array.from({ length: 4 }, () => openSecrets(path)));
    const met = await watched.end();
    const [made] = opened.map(({ secrets }) => secrets);
    for (const { secrets } of opened) expect(secrets).toEqual(made);
    expect(opened.filter(({ isNew }) => isNew)).toHaveLength(1);
    for (const text of met) expect(text && JSON.parse(text)).toEqual(made);
    expect(await readdir(dirname(path))).toEqual(['secrets.json']);
  }
});

it.each(['', '{}', '{"cookie":"short","join":"x","admin":"y"}'])(
  'never replaces a file it cannot use: %j',
  async (text) => {
    const path = join(folder, 'broken.json');
    await writeFile(path, text);
    await expect(openSecrets(path)).rejects.toThrow(/restore/);
    expect(await readFile(path, 'utf8')).toBe(text);
  },
);

it('gives a file of before what it lacks, the same to whoever meets it first, and leaves all else', async () => {
  const path = join(folder, 'older.json');
  const older = { cookie: 'c'.repeat(43), join: 'j'.repeat(43), admin: 'a'.repeat(43), of_a_newer_version: 1 };
  await writeFile(path, JSON.stringify(older), { mode: 0o600 });
  const { pepper, receipts, signing } = await readSecrets(path);
  for (const each of [pepper, receipts, signing]) expect(each).toMatch(/^[\w-]{43}$/);
  expect(new Set([pepper, receipts, signing]).size).toBe(3);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(older);
  const opened = await Promise.all(Array.from({ length: 5 }, () => openSecrets(path)));
  for (const { secrets, isNew } of opened)
    expect([secrets, isNew]).toEqual([{ ...older, pepper, receipts, signing }, false]);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ ...older, pepper, receipts, signing });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('leaves secrets that a file has, and makes those that it lacks', async () => {
  const path = join(folder, 'some.json');
  const held = { cookie: 'c'.repeat(43), join: 'j'.repeat(43), admin: 'a'.repeat(43), pepper: 'p'.repeat(43) };
  await writeFile(path, JSON.stringify(held));
  const { secrets } = await openSecrets(path);
  expect(secrets).toMatchObject(held);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(secrets);
});

it('refuses a signing seed of another length', async () => {
  const path = join(folder, 'seed.json');
  const held = { cookie: 'c'.repeat(43), join: 'j'.repeat(43), admin: 'a'.repeat(43), signing: 's'.repeat(44) };
  await writeFile(path, JSON.stringify(held));
  await expect(openSecrets(path)).rejects.toThrow('signing: must be 32 bytes in base64url');
});

it('leaves the file as it is for whoever only looks, and closes it to others for whoever uses it', async () => {
  const path = join(folder, 'open.json');
  const { secrets } = await openSecrets(path);
  await chmod(path, 0o644);
  expect(await lookAtSecrets(path)).toEqual(secrets);
  expect((await stat(path)).mode & 0o777).toBe(0o644);
  await readSecrets(path);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});
