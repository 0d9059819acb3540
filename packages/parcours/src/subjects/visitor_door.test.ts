import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { TablesUnavailable } from '@parcours/collector';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAskVisitorDoor } from './ask_visitor_door.ts';
import { openVisitorDoor } from './visitor_door.ts';

let folder: string;
let socket: string;
let close: (() => Promise<void>) | undefined;
const faults: unknown[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-door-'));
  socket = join(folder, 'reader.sock');
  faults.length = 0;
});
afterEach(async () => {
  await close?.();
  close = undefined;
  await rm(folder, { recursive: true, force: true });
});

type Pieces = (visitor: { site: string; visitorId: string }) => Promise<AsyncIterable<string>>;
const open = async (exportVisitor: Pieces): Promise<void> => {
  close = await openVisitorDoor({ socket, subjects: { exportVisitor }, onError: (error) => faults.push(error) });
};
const ask = (signal = new AbortController().signal) =>
  createAskVisitorDoor(socket)({ site: 'shop', visitorId: 'v-1', signal });

it('brings what is held of the one that was asked for, piece by piece, and is closed to everybody else', async () => {
  const asked: unknown[] = [];
  await open(async (visitor) => {
    asked.push(visitor);
    return (async function* () {
      yield '{"events":';
      yield '[]}';
    })();
  });
  expect(await text(await ask())).toBe('{"events":[]}');
  expect(asked).toEqual([{ site: 'shop', visitorId: 'v-1' }]);
  expect((await stat(socket)).mode & 0o777).toBe(0o600);
  expect(faults).toEqual([]);
});

it('says that the tables cannot be asked where no reader is', async () => {
  await expect(ask()).rejects.toThrow(TablesUnavailable);
  await writeFile(socket, 'of a reader that was killed');
  await expect(ask()).rejects.toThrow(TablesUnavailable);
  await open(async () => (async function* () {})());
  expect(await text(await ask())).toBe('');
});

it('takes two at a time, and sends the third away', async () => {
  let go = (): void => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  await open(async () =>
    (async function* () {
      yield '[';
      await gate;
      yield ']';
    })(),
  );
  const both = await Promise.all([ask(), ask()]);
  await expect(ask()).rejects.toThrow('the tables cannot be asked now');
  go();
  expect(await Promise.all(both.map((pieces) => text(pieces)))).toEqual(['[]', '[]']);
  expect(await text(await ask())).toBe('[]');
});

it('lets no half of a document pass for the whole', async () => {
  await open(async () =>
    (async function* () {
      yield '{"events":[';
      throw new Error('the engine is gone');
    })(),
  );
  await expect(ask().then((pieces) => text(pieces))).rejects.toThrow();
  expect(faults).toHaveLength(1);
});

it('tells the log what failed, and the visitor that it cannot be read', async () => {
  await open(() => Promise.reject(new Error('no database')));
  await expect(ask()).rejects.toThrow(TablesUnavailable);
  expect(String(faults[0])).toContain('no database');
});
