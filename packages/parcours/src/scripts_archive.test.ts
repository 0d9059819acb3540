import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import type { Script } from '@parcours/collector';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openScriptArchive } from './scripts_archive.ts';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'parcours-scripts-')), 'scripts');
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

const script = (version: string, file: string, text: string): Script => ({ version, file, bytes: Buffer.from(text) });
const names = (scripts: readonly Script[]): readonly string[] =>
  scripts.map(({ version, file, bytes }) => `${version}/${file} ${Buffer.from(bytes)}`);

it('keeps every script of every version, the present version first', async () => {
  await openScriptArchive(folder, [script('1.0.0', 'p.js', 'one()'), script('1.0.0', 'p.full.js', 'oneFull()')]);
  const present = [script('1.1.0', 'p.forms.js', 'forms()'), script('1.1.0', 'p.js', 'two()')];
  const opened = await openScriptArchive(folder, present);
  expect(names(opened)).toEqual([
    '1.1.0/p.forms.js forms()',
    '1.1.0/p.js two()',
    '1.0.0/p.full.js oneFull()',
    '1.0.0/p.js one()',
  ]);
});

it('gives the compressed bytes of each with it, also after the same version came with other bytes', async () => {
  await openScriptArchive(folder, [script('1.0.0', 'p.js', 'before()')]);
  for (const _ of ['compressed', 'read']) {
    const [opened] = await openScriptArchive(folder, [script('1.0.0', 'p.js', 'after()')]);
    expect(`${brotliDecompressSync(opened?.brotli as Uint8Array)}`).toBe('after()');
  }
});

it('keeps the compressed bytes that a script comes with, as they are', async () => {
  const brotli = brotliCompressSync('one()', { params: { [constants.BROTLI_PARAM_QUALITY]: 0 } });
  const [opened] = await openScriptArchive(folder, [{ ...script('1.0.0', 'p.js', 'one()'), brotli }]);
  expect(opened?.brotli).toEqual(brotli);
  expect(await readFile(join(folder, '1.0.0/p.js.br'))).toEqual(brotli);
});

it('does not serve what a crash left half written', async () => {
  await mkdir(join(folder, '0.1.0'), { recursive: true });
  await writeFile(join(folder, '0.1.0', 'p.js.4711.tmp'), 'hal');
  expect(names(await openScriptArchive(folder, [script('0.2.0', 'p.js', 'new()')]))).toEqual(['0.2.0/p.js new()']);
});
