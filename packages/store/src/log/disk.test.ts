import { type FileHandle, mkdtemp, open, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openLog } from './append.ts';
import { diskFiles } from './disk.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-disk-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

/** Node's own file handle, told of: what it is asked for, and of which kind of file. */
async function watchHandles(): Promise<string[]> {
  const probe = await open(folder, 'r');
  const prototype = Object.getPrototypeOf(probe) as FileHandle;
  await probe.close();
  const asked: string[] = [];
  for (const name of ['write', 'sync', 'datasync'] as const) {
    const original = prototype[name] as (...args: unknown[]) => Promise<unknown>;
    vi.spyOn(prototype, name).mockImplementation(async function told(this: FileHandle, ...args: unknown[]) {
      const of = (await this.stat()).isDirectory() ? 'folder' : 'file';
      const result = await original.apply(this, args);
      asked.push(`${name} ${of}`);
      return result as never;
    });
  }
  return asked;
}

test('the system is asked to sync the name before the first byte, and the bytes before the answer', async () => {
  const log = await openLog({ folder: join(folder, 'log') });
  const asked = await watchHandles();
  await log.append('{"n":1}');
  expect(asked).toEqual(['sync folder', 'write file', 'datasync file']);
  await log.append('{"n":2}');
  expect(asked.slice(3)).toEqual(['write file', 'datasync file']);
  await log.close();
});

test('a write that stops early goes on, and nothing stands twice', async () => {
  const path = join(folder, 'a');
  const file = await diskFiles.create(path);
  const probe = await open(folder, 'r');
  const prototype = Object.getPrototypeOf(probe) as FileHandle;
  await probe.close();
  const write = prototype.write as (...args: unknown[]) => Promise<{ bytesWritten: number }>;
  vi.spyOn(prototype, 'write').mockImplementation(function short(
    this: FileHandle,
    bytes: unknown,
    at: unknown,
    length,
  ) {
    return write.call(this, bytes, at, Math.min(3, length as unknown as number), null) as never;
  });
  await file.append(Buffer.from('0123456789'));
  await file.close();
  expect(await readFile(path, 'utf8')).toBe('0123456789');
});

test('what others wrote is synced too, and a file that is not there is told', async () => {
  const path = join(folder, 'a');
  const file = await diskFiles.create(path);
  const asked = await watchHandles();
  await diskFiles.syncFile(path);
  await diskFiles.syncFolder(folder);
  expect(asked).toEqual(['datasync file', 'sync folder']);
  await file.close();
  await expect(diskFiles.syncFile(join(folder, 'b'))).rejects.toMatchObject({ code: 'ENOENT' });
  expect((await stat(path)).mode & 0o077).toBe(0);
});
